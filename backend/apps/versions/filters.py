"""Filters of the public API's lists of branches, commits and reviews."""

from typing import Any

from django.db.models import QuerySet
from django_filters import BooleanFilter, ChoiceFilter, FilterSet, NumberFilter

from longhouse.versioning.models import Branch, Commit, Review


class BranchFilter(FilterSet):
    status = ChoiceFilter(choices=Branch.Status.choices)
    archived = BooleanFilter(field_name="is_archived", label="Archived ones, or none of them.")
    mine = BooleanFilter(method="of_mine", label="Your own.")

    class Meta:
        model = Branch
        fields: tuple[str, ...] = ()

    def of_mine(self, rows: QuerySet[Branch], name: str, value: bool) -> QuerySet[Branch]:
        mine: Any = {"owner": self.request.user}
        return rows.filter(**mine) if value else rows.exclude(**mine)


class CommitFilter(FilterSet):
    branch = NumberFilter(label="Id of a branch.")
    main = BooleanFilter(field_name="branch", lookup_expr="isnull", label="Those to main.")
    merged = NumberFilter(label="Id of a branch that was merged by them.")

    class Meta:
        model = Commit
        fields: tuple[str, ...] = ()


class ReviewFilter(FilterSet):
    branch = NumberFilter(label="Id of a branch.")
    verdict = ChoiceFilter(choices=Review.Verdict.choices)

    class Meta:
        model = Review
        fields: tuple[str, ...] = ()
