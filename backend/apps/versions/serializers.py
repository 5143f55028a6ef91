"""Branches, commits and reviews in the public API."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.rest.inputs import Input
from apps.versions import selectors
from longhouse.versioning.models import Branch, Comment, Commit, Conflict, Review

_HEAD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_BRANCH: dict[str, Any] = {
    "id": 7,
    "name": "opening-hours",
    "title": "New opening hours",
    "description": "They change in spring.",
    "status": "open",
    "base": None,
    "is_pinned": False,
    "is_archived": False,
    "owner": "Kim",
    "created_at": "2026-03-14T09:30:00Z",
}
_COMMIT: dict[str, Any] = {
    "id": 42,
    "branch": None,
    "merged": 7,
    "reverts": None,
    "picks": None,
    "author": "Kim",
    "message": "Merge New opening hours",
    "created_at": "2026-03-14T09:30:00Z",
}

# Rows --------------------------------------------------------------------------------------


class BranchSerializer(serializers.ModelSerializer):
    base = serializers.IntegerField(
        source="base_id", allow_null=True, help_text="The branch that it is of; null: main."
    )
    is_pinned = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner.display_name", allow_null=True, default=None)

    example: ClassVar[dict[str, Any]] = _BRANCH

    class Meta:
        model = Branch
        fields: tuple[str, ...] = (
            *("id", "name", "title", "description", "status", "base", "is_pinned"),
            *("is_archived", "owner", "created_at"),
        )

    def get_is_pinned(self, branch: Branch) -> bool:
        return branch.pins is not None


class BranchDetailSerializer(BranchSerializer):
    ahead = serializers.IntegerField(help_text="Commits to merge.")
    behind = serializers.IntegerField(help_text="Commits of the base that it does not have.")
    head = serializers.CharField(help_text="What reviews are bound to; writes change it.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="What reviews lack; empty: it may be merged."
    )
    may = serializers.ListField(child=serializers.CharField(), help_text="What you may do to it.")

    example: ClassVar[dict[str, Any]] = _BRANCH | {
        "ahead": 2,
        "behind": 1,
        "head": _HEAD,
        "missing": ["1 more approval is needed."],
        "may": ["read", "write"],
    }

    class Meta(BranchSerializer.Meta):
        fields = (*BranchSerializer.Meta.fields, "ahead", "behind", "head", "missing", "may")

    def to_representation(self, branch: Branch) -> dict[str, Any]:
        return super().to_representation(
            selectors.tell_standing(self.context["request"].user, branch)
        )


class CommitSerializer(serializers.ModelSerializer):
    branch = serializers.IntegerField(
        source="branch_id", allow_null=True, help_text="Where it was written; null: main."
    )
    merged = serializers.IntegerField(source="merged_id", allow_null=True)
    reverts = serializers.IntegerField(source="reverts_id", allow_null=True)
    picks = serializers.IntegerField(source="picks_id", allow_null=True)
    author = serializers.CharField(source="author.display_name", allow_null=True, default=None)

    example: ClassVar[dict[str, Any]] = _COMMIT

    class Meta:
        model = Commit
        fields = (
            *("id", "branch", "merged", "reverts", "picks", "author", "message", "created_at"),
        )


class ReviewSerializer(serializers.ModelSerializer):
    branch = serializers.IntegerField(source="branch_id")
    reviewer = serializers.CharField(source="reviewer.display_name", allow_null=True, default=None)

    example: ClassVar[dict[str, Any]] = {
        "id": 3,
        "branch": 7,
        "reviewer": "Ada",
        "verdict": "approve",
        "head": _HEAD,
        "text": "Well found.",
        "created_at": "2026-03-14T09:30:00Z",
    }

    class Meta:
        model = Review
        fields = ("id", "branch", "reviewer", "verdict", "head", "text", "created_at")


class CommentSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="author.display_name", allow_null=True, default=None)

    example: ClassVar[dict[str, Any]] = {
        "id": 5,
        "author": "Ada",
        "model": "parks.Park",
        "object_pk": "12",
        "field": "opens_at",
        "text": "From when on?",
        "created_at": "2026-03-14T09:30:00Z",
        "resolved_at": None,
    }

    class Meta:
        model = Comment
        fields = (
            *("id", "author", "model", "object_pk", "field", "text", "created_at"),
            "resolved_at",
        )


class ConflictSerializer(serializers.ModelSerializer):
    base = serializers.JSONField(help_text="What it was.")
    ours = serializers.JSONField(help_text="What the base has.")
    theirs = serializers.JSONField(help_text="What the branch has.")
    value = serializers.JSONField(help_text="What was decided, when it is a new value.")

    example: ClassVar[dict[str, Any]] = {
        "id": 9,
        "model": "parks.Park",
        "object_pk": "12",
        "kind": "field",
        "field": "name",
        "base": "Oak",
        "ours": "Oak Park",
        "theirs": "The Oak",
        "choice": "",
        "value": None,
    }

    class Meta:
        model = Conflict
        fields = (
            *("id", "model", "object_pk", "kind", "field", "base", "ours", "theirs"),
            *("choice", "value"),
        )


class FieldChangeSerializer(serializers.Serializer):
    name = serializers.CharField()
    base = serializers.JSONField(help_text="What it was.")
    theirs = serializers.JSONField(help_text="What it becomes.")
    ours = serializers.JSONField(help_text="What the base has by now.")


class ChangeSerializer(serializers.Serializer):
    model = serializers.CharField()
    pk = serializers.CharField()
    kind = serializers.ChoiceField(["created", "changed", "deleted"])
    title = serializers.CharField()
    fields_changed = FieldChangeSerializer(many=True)


class ChangesSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True)
    after = serializers.CharField(help_text="For the next page; empty on the last one.")

    example: ClassVar[dict[str, Any]] = {
        "results": [
            {
                "model": "parks.Park",
                "pk": "12",
                "kind": "changed",
                "title": "Oak",
                "fields_changed": [{"name": "name", "base": "Oak", "theirs": "Elm", "ours": "Oak"}],
            }
        ],
        "after": "",
    }


class MaybeCommitSerializer(serializers.Serializer):
    commit = CommitSerializer(allow_null=True, help_text="null: there was nothing to do.")

    example: ClassVar[dict[str, Any]] = {"commit": _COMMIT}


# Bodies ------------------------------------------------------------------------------------


class BranchAdd(Input):
    name = serializers.CharField(max_length=150)
    title = serializers.CharField(max_length=200, allow_blank=True, default="")
    description = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    base = serializers.IntegerField(allow_null=True, default=None, help_text="null: main.")
    pinned = serializers.BooleanField(
        default=False, help_text="It sees its base as it is now, until it is refreshed."
    )

    example: ClassVar[dict[str, Any]] = {"name": "opening-hours", "title": "New opening hours"}


class BranchChange(Input):
    name = serializers.CharField(max_length=150)
    title = serializers.CharField(max_length=200, allow_blank=True)
    description = serializers.CharField(max_length=20_000, allow_blank=True)
    is_archived = serializers.BooleanField(help_text="Nobody writes to it while it is.")

    example: ClassVar[dict[str, Any]] = {"title": "Other opening hours"}


class Message(Input):
    message = serializers.CharField(max_length=2000, allow_blank=True, default="")

    example: ClassVar[dict[str, Any]] = {"message": "New opening hours"}


class ReviewAdd(Input):
    branch = serializers.IntegerField()
    verdict = serializers.ChoiceField(Review.Verdict.choices)
    text = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    head = serializers.CharField(
        max_length=64, help_text="The `head` that you have looked at: 422 when it has moved on."
    )

    example: ClassVar[dict[str, Any]] = {"branch": 7, "verdict": "approve", "head": _HEAD}


class CommentAdd(Input):
    text = serializers.CharField(max_length=20_000)
    model = serializers.CharField(max_length=200, allow_blank=True, default="")
    object_pk = serializers.CharField(max_length=255, allow_blank=True, default="")
    field = serializers.CharField(max_length=200, allow_blank=True, default="")

    example: ClassVar[dict[str, Any]] = {"text": "From when on?"}


class Decision(Input):
    choice = serializers.ChoiceField(["ours", "theirs", "value"])
    value = serializers.JSONField(
        required=False, help_text="With `value`: what the field is to have."
    )

    example: ClassVar[dict[str, Any]] = {"choice": "value", "value": "Oak Park"}
