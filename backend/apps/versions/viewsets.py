"""Branches, commits and reviews in the public API."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from apps.rest.pagination import NewestFirst, PageNumberPagination
from apps.rest.viewsets import Changes, Creates, Resource
from apps.versions import filters, selectors, serializers, services
from apps.versions.problems import from_engine
from longhouse.versioning import diff, reviews
from longhouse.versioning.models import Branch, Comment, Commit, Conflict, Review

LONGEST = 500  # changes in one page

CHANGES = [
    OpenApiParameter("model", OpenApiTypes.STR, description="Of this table: parks.Park."),
    OpenApiParameter("limit", OpenApiTypes.INT, description=f"At most {LONGEST}; 100 unless said."),
    OpenApiParameter("after", OpenApiTypes.STR, description="`after` of the page before."),
]


class InOrder(NewestFirst):
    ordering = ("pk",)


class NewestNumberFirst(NewestFirst):
    ordering = ("-pk",)


class Versions(Resource):
    """What the caller may read, by numbers; what the engine refuses is a problem."""

    lookup_value_converter = "int"
    pagination_class = NewestNumberFirst

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(from_engine(exc) or exc)

    @property
    def is_described(self) -> bool:
        """While the document is written, nobody asks."""
        return getattr(self, "swagger_fake_view", False)

    def page_of(self, rows: QuerySet[Any], kind: type[BaseSerializer[Any]]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(kind(page, many=True).data)

    def changes(self, found: Callable[..., diff.Page], what: Any) -> Response:
        """A page of `longhouse.versioning.diff`."""
        query = self.request.query_params
        try:
            name = query.get("model")
            model = apps.get_model(name) if name else None
            limit = int(query.get("limit", diff.LIMIT))
        except (LookupError, ValueError):
            raise ValidationError("There is no such model, or the limit is no number.") from None
        limit = max(1, min(limit, LONGEST))
        page = found(what, model=model, limit=limit, after=query.get("after", ""))
        return Response(selectors.changes(page))


class BranchViewSet(Creates, Changes, Versions):
    """Lines of changes beside main: your own, and those that you may read."""

    queryset = Branch.objects.none()
    serializer_class = serializers.BranchDetailSerializer
    create_serializer_class = serializers.BranchAdd
    change_serializer_class = serializers.BranchChange
    filterset_class = filters.BranchFilter

    def get_queryset(self) -> QuerySet[Branch]:
        return super().get_queryset() if self.is_described else selectors.branches(self.actor)

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action == "list":
            return serializers.BranchSerializer
        return super().get_serializer_class()

    def add(self, **fields: Any) -> Branch:
        number = fields.pop("base")
        base = None if number is None else get_object_or_404(self.get_queryset(), pk=number)
        return services.create_branch(actor=self.actor, base=base, **fields)

    def change(self, row: Branch, **changes: Any) -> Branch:
        return services.change_branch(actor=self.actor, branch=row, **changes)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Delete a branch with all that it holds. It cannot be undone; archive it instead."""
        with transaction.atomic():
            services.delete_branch(actor=self.actor, branch=self.get_object())
        return Response(status=204)

    @extend_schema(parameters=CHANGES, responses={200: serializers.ChangesSerializer})
    @action(detail=True, filter_backends=[], pagination_class=None)
    def diff(self, request: Request, pk: int) -> Response:
        """List what a merge of the branch would bring."""
        return self.changes(diff.diff, self.get_object())

    @extend_schema(responses=serializers.ConflictSerializer(many=True))
    @action(detail=True, pagination_class=PageNumberPagination, filter_backends=[])
    def conflicts(self, request: Request, pk: int) -> Response:
        """List the conflicts that were found last, and what was decided."""
        return self.kept_conflicts(self.get_object())

    @extend_schema(
        operation_id="find_conflicts",
        request=None,
        responses={200: serializers.ConflictSerializer(many=True)},
    )
    @conflicts.mapping.post
    def find_conflicts(self, request: Request, pk: int) -> Response:
        """Find what a merge could not decide now."""
        branch = self.get_object()
        services.find_conflicts(actor=self.actor, branch=branch)
        return self.kept_conflicts(branch)

    def kept_conflicts(self, branch: Branch) -> Response:
        rows = Conflict.objects.filter(branch=branch)
        return self.page_of(rows, serializers.ConflictSerializer)

    @extend_schema(
        operation_id="resolve_conflict",
        request=serializers.Decision,
        responses={200: serializers.BranchDetailSerializer},
    )
    @action(detail=True, methods=["post"], url_path="conflicts/<int:conflict>/decision")
    def decision(self, request: Request, pk: int, conflict: int) -> Response:
        """Decide a conflict; what was approved before is to be approved again."""
        branch = self.get_object()
        row = get_object_or_404(Conflict, branch=branch, pk=conflict)
        decided = self.given(serializers.Decision)
        services.resolve_conflict(actor=self.actor, conflict=row, **decided)
        return self.written(branch)

    @extend_schema(request=None, responses={200: serializers.MaybeCommitSerializer})
    @action(detail=True, methods=["post"])
    def refresh(self, request: Request, pk: int) -> Response:
        """Bring what the base has changed into a branch."""
        commit = services.refresh(actor=self.actor, branch=self.get_object())
        return Response(serializers.MaybeCommitSerializer({"commit": commit}).data)

    @extend_schema(request=None, responses={200: serializers.BranchDetailSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: int) -> Response:
        """Ask for reviews of a branch."""
        return self.moved(reviews.submit)

    @extend_schema(request=None, responses={200: serializers.BranchDetailSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Ask for no reviews of a branch any more."""
        return self.moved(reviews.withdraw)

    @extend_schema(request=None, responses={200: serializers.BranchDetailSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """End a branch without a merge."""
        return self.moved(reviews.close)

    @extend_schema(request=None, responses={200: serializers.BranchDetailSerializer})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """Make a closed branch a draft again."""
        return self.moved(reviews.reopen)

    def moved(self, move: Callable[..., None]) -> Response:
        branch = self.get_object()
        move(branch, by=self.actor)
        return self.written(branch)

    @extend_schema(request=serializers.Message, responses={200: serializers.MaybeCommitSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: int) -> Response:
        """Merge a submitted branch into its base."""
        branch = self.get_object()
        commit = reviews.merge_reviewed(branch, by=self.actor, **self.given(serializers.Message))
        return Response(serializers.MaybeCommitSerializer({"commit": commit}).data)

    @extend_schema(responses=serializers.CommentSerializer(many=True))
    @action(detail=True, pagination_class=InOrder, filter_backends=[])
    def comments(self, request: Request, pk: int) -> Response:
        """List what was said of a branch."""
        rows = Comment.objects.filter(branch=self.get_object()).select_related("author")
        return self.page_of(rows, serializers.CommentSerializer)

    @extend_schema(
        operation_id="add_comment",
        request=serializers.CommentAdd,
        responses={201: serializers.CommentSerializer},
    )
    @comments.mapping.post
    def add_comment(self, request: Request, pk: int) -> Response:
        """Say something of a branch, or of one change in it."""
        branch = self.get_object()
        made = reviews.comment(branch, by=self.actor, **self.given(serializers.CommentAdd))
        return Response(serializers.CommentSerializer(made).data, status=201)


class CommitViewSet(Versions):
    """What was written, transaction by transaction, the newest first."""

    queryset = Commit.objects.none()
    serializer_class = serializers.CommitSerializer
    filterset_class = filters.CommitFilter

    def get_queryset(self) -> QuerySet[Commit]:
        return super().get_queryset() if self.is_described else selectors.commits(self.actor)

    @extend_schema(
        operation_id="list_changes",
        parameters=CHANGES,
        responses={200: serializers.ChangesSerializer},
    )
    @action(detail=True, filter_backends=[], pagination_class=None, url_path="changes")
    def rows(self, request: Request, pk: int) -> Response:
        """List what a commit has changed."""
        return self.changes(diff.commit_diff, self.get_object())

    @extend_schema(request=serializers.Message, responses={200: serializers.MaybeCommitSerializer})
    @action(detail=True, methods=["post"])
    def revert(self, request: Request, pk: int) -> Response:
        """Undo a commit by another one, where it was made.

        Where conflicts or missing approvals are in the way, the problem names the branch that
        holds the opposite of the commit: resolve or submit it like any other.
        """
        commit = self.get_object()
        said = self.given(serializers.Message)
        made = services.revert_commit(actor=self.actor, commit=commit, **said)
        return Response(serializers.MaybeCommitSerializer({"commit": made}).data)


class ReviewViewSet(Creates, Versions):
    """Verdicts about branches, the newest first. Each is about one `head`, and nothing newer."""

    queryset = Review.objects.none()
    serializer_class = serializers.ReviewSerializer
    create_serializer_class = serializers.ReviewAdd
    filterset_class = filters.ReviewFilter

    def get_queryset(self) -> QuerySet[Review]:
        return super().get_queryset() if self.is_described else selectors.reviews_of(self.actor)

    def add(self, **fields: Any) -> Review:
        branch = get_object_or_404(selectors.branches(self.actor), pk=fields.pop("branch"))
        return reviews.review(branch, by=self.actor, **fields)
