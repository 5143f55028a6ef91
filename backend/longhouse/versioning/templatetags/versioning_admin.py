"""What pages of the admin show of versions."""

from typing import Any

from django import template
from django.core.paginator import Paginator
from django.db.models import Model

from longhouse.versioning.access import readable
from longhouse.versioning.companions import versioned_of
from longhouse.versioning.diff import word_diff
from longhouse.versioning.history import history
from longhouse.versioning.models import Branch

register = template.Library()

CHOICES = 50  # branches that the switcher offers
REVISIONS = 20  # in a page


@register.inclusion_tag("admin/versioning/switcher.html", takes_context=True)
def branch_switcher(context: Any) -> dict[str, Any]:
    """A form to go into a branch; nothing where BranchMiddleware is not installed."""
    request = context["request"]
    if not hasattr(request, "branch"):
        return {"is_shown": False}
    over = (Branch.Status.MERGED, Branch.Status.CLOSED)
    branches = readable(request.user).filter(is_archived=False).exclude(status__in=over)
    found = list(branches.order_by("-pk")[:CHOICES])
    if request.branch is not None and request.branch not in found:
        found.insert(0, request.branch)
    return {
        "is_shown": bool(found),
        "branches": found,
        "current": request.branch,
        "path": request.get_full_path(),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("admin/versioning/revisions.html", takes_context=True)
def row_history(context: Any, model: type[Model], pk: Any) -> dict[str, Any]:
    """All versions of a row, the newest first; nothing for a model that is not versioned."""
    request = context["request"]
    if versioned_of(model) is None:
        return {"page": None}
    page = Paginator(history(model, pk), REVISIONS).get_page(request.GET.get("revisions"))
    return {
        "page": page,
        "model": model._meta.label,
        "pk": pk,
        "may_change": request.user.has_perm(
            f"{model._meta.app_label}.change_{model._meta.model_name}"
        ),
        "revisions": [
            {"of": revision, "fields": field_rows(model, revision.changes)}
            for revision in page.object_list
        ],
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def history_of(instance: Model) -> type[Model]:
    """The model of a row, for `row_history`."""
    return type(instance)


def field_rows(model: type[Model], changes: dict[str, tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Fields with their names for people, and what differs in texts word by word."""
    names = {field.attname: field for field in model._meta.concrete_fields}
    rows = []
    for name, (before, after) in changes.items():
        if name in names and names[name].primary_key:
            continue
        is_text = isinstance(before, str) and isinstance(after, str) and before and after
        old, new = word_diff(before, after) if is_text else ([], [])
        field = names.get(name)
        rows.append(
            {
                "name": name,
                "label": name if field is None else field.verbose_name,
                "before": before,
                "after": after,
                "old": old,
                "new": new,
            }
        )
    return rows
