from datetime import datetime
from typing import Any

from ninja import Field

from apps.api.pagination import PageQuery
from apps.api.schemas import In, Out, PlainText
from longhouse.versioning.access import Action
from longhouse.versioning.diff import Kind
from longhouse.versioning.models import Branch, Comment, Review

# Responses ---------------------------------------------------------------------------------


class BranchCard(Out):
    id: int
    name: str
    title: str
    status: Branch.Status
    is_archived: bool
    owner: str | None
    created_at: datetime

    @staticmethod
    def resolve_title(branch: Branch) -> str:
        return str(branch)

    @staticmethod
    def resolve_owner(branch: Branch) -> str | None:
        return branch.owner.display_name if branch.owner else None


class ReviewOut(Out):
    id: int
    reviewer: str | None
    verdict: Review.Verdict
    text: str
    created_at: datetime
    is_current: bool = Field(description="false: the branch was changed since")

    @staticmethod
    def resolve_is_current(review: Review) -> bool:
        # The branch that the reviews were asked of: `selectors.tell_standing` has told its head.
        return bool(review.head == review.branch.head)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_reviewer(review: Review) -> str | None:
        return review.reviewer.display_name if review.reviewer else None


class CommentOut(Out):
    id: int
    author: str | None
    text: str
    created_at: datetime

    @staticmethod
    def resolve_author(comment: Comment) -> str | None:
        return comment.author.display_name if comment.author else None


class BranchOut(BranchCard):
    description: str
    ahead: int = Field(description="commits to merge")
    behind: int = Field(description="commits of the base that it does not have")
    head: str = Field(description="what reviews are bound to; writes change it")
    missing: list[str] = Field(description="what reviews lack; empty: it may be merged")
    may: list[Action] = Field(description="what you may do to it")
    reviews: list[ReviewOut]
    comments: list[CommentOut]

    @staticmethod
    def resolve_reviews(branch: Branch) -> list[Review]:
        return list(branch.reviews.select_related("reviewer"))

    @staticmethod
    def resolve_comments(branch: Branch) -> list[Comment]:
        return list(branch.comments.select_related("author"))


class FieldChangeOut(Out):
    name: str
    base: Any = Field(description="what it was")
    theirs: Any = Field(description="what it becomes")
    ours: Any = Field(description="what the base has by now")


class ChangeOut(Out):
    model: str
    pk: str
    kind: Kind
    title: str
    fields_changed: list[FieldChangeOut]


class ChangePage(Out):
    results: list[ChangeOut]
    after: str = Field(description="for the next page; empty on the last one")


# Requests ----------------------------------------------------------------------------------


class BranchQuery(PageQuery):
    status: Branch.Status | None = None
    mine: bool = False


class ChangeQuery(PlainText):
    after: str = Field("", max_length=500)


class ReviewIn(In):
    verdict: Review.Verdict
    text: str = Field("", max_length=20_000)
    head: str = Field(max_length=64, description="the `head` that you have looked at")


class CommentIn(In):
    text: str = Field(min_length=1, max_length=20_000)
