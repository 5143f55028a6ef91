"""Branches, commits and history in Django's admin.

ModelAdmins need no change: BranchMiddleware puts the whole admin into the branch that its header
chooses. Pages of a row's history show and restore versions of what is versioned.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from longhouse.versioning import diff, history, merge, reviews
from longhouse.versioning.access import may_revert, readable, require
from longhouse.versioning.branches import distance
from longhouse.versioning.companions import versioned_of
from longhouse.versioning.conflicts import MergeConflict, choices_of
from longhouse.versioning.context import Pruned, ReadOnly
from longhouse.versioning.middleware import select_branch
from longhouse.versioning.models import Branch, Commit, Conflict, Grant, Protection, Tag
from longhouse.versioning.protection import Protected
from longhouse.versioning.revert import revert
from longhouse.versioning.templatetags.versioning_admin import field_rows

CHANGES = 50  # in a page

# What may be done to a branch that has a status, beside what always may.
MOVES: dict[str, tuple[tuple[str, str], ...]] = {
    Branch.Status.DRAFT: (("submit", "Ask for reviews"), ("close", "Close")),
    Branch.Status.OPEN: (
        ("merge", "Merge"),
        ("withdraw", "Back to a draft"),
        ("close", "Close"),
    ),
    Branch.Status.CLOSED: (("reopen", "Reopen"),),
    Branch.Status.MERGED: (),
}
ALWAYS = (("find", "Find conflicts"), ("refresh", "Refresh from the base"))


@admin.register(Branch)
class BranchAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "title", "status", "owner", "base", "is_archived", "created_at")
    list_filter = ("status", "is_archived")
    list_select_related = ("owner", "base")
    search_fields = ("name", "title")
    fields = ("name", "title", "description", "base", "is_archived")
    list_per_page = 50

    def get_urls(self) -> list[Any]:
        def view(call: Callable[..., HttpResponseBase]) -> Any:
            return self.admin_site.admin_view(call)

        return [
            path("switch/", view(require_POST(self.switch)), name="versioning_switch"),
            path("<int:pk>/changes/", view(self.page), name="versioning_branch_page"),
            path("<int:pk>/act/", view(require_POST(self.act)), name="versioning_branch_act"),
            path("history/<str:label>/<path:pk>/", view(self.history), name="versioning_history"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("base",) if obj is not None else ("is_archived",)

    def save_model(self, request: HttpRequest, obj: Branch, form: Any, change: bool) -> None:
        if not change:
            from longhouse.versioning.branches import create_branch

            said = {name: form.cleaned_data[name] for name in ("title", "description", "base")}
            made = create_branch(obj.name, owner=request.user, **said)  # type: ignore[arg-type]
            obj.pk = made.pk
            obj.refresh_from_db()
            return
        if form.changed_data:  # not what reviews and merges have written meanwhile
            obj.save(update_fields=form.changed_data)

    def view_on_site(self, obj: Branch) -> str:
        return reverse("admin:versioning_branch_page", args=[obj.pk])

    def switch(self, request: HttpRequest) -> HttpResponse:
        """From the next request on, the session is in another branch, or in main."""
        number = request.POST.get("branch", "")
        branch = None
        if number:
            branch = get_object_or_404(readable(request.user), pk=_number(number))
        select_branch(request, branch)
        where = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(where, {request.get_host()}, request.is_secure()):
            where = reverse("admin:index", current_app=self.admin_site.name)
        return HttpResponseRedirect(where)

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a branch would bring, what is said of it, and what can be done with it."""
        branch = get_object_or_404(readable(request.user).select_related("owner", "base"), pk=pk)
        found = diff.diff(branch, limit=CHANGES, after=request.GET.get("after", ""))
        may_write = reviews.may(request.user, "write", branch)
        conflicts = [
            {
                "of": one,
                "choices": [
                    (choice, text) for choice, text in DECISIONS if choice in choices_of(one)
                ],
                "takes_value": one.kind == Conflict.Kind.FIELD,
            }
            for one in branch.conflicts.all()[:CHANGES]
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": str(branch),
            "opts": self.opts,
            "branch": branch,
            "act": reverse("admin:versioning_branch_act", args=[branch.pk]),
            "actions": (*MOVES[branch.status], *(() if branch.is_over else ALWAYS)),
            "distance": distance(branch),
            "missing": reviews.missing(branch) if branch.status == Branch.Status.OPEN else [],
            "conflicts": conflicts,
            "may_write": may_write,
            "may_review": reviews.may(request.user, "review", branch),
            "changes": [_shown(change) for change in found.changes],
            "next": found.next,
            "head": reviews.head(branch),
            "reviews": branch.reviews.select_related("reviewer")[:CHANGES],
            "comments": branch.comments.select_related("author").order_by("-pk")[:CHANGES],
        }
        return TemplateResponse(request, "admin/versioning/branch.html", context)

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do to a branch what one of its page's buttons says, and come back to the page."""
        branch = get_object_or_404(readable(request.user), pk=pk)
        back = reverse("admin:versioning_branch_page", args=[branch.pk])
        return _tried(request, lambda: self._act(request, branch), back)

    def _act(self, request: HttpRequest, branch: Branch) -> str:
        user: Any = request.user
        said = request.POST.get("text", "")
        match request.POST.get("do"):
            case "submit" | "withdraw" | "close" | "reopen" as move:
                getattr(reviews, move)(branch, by=user)
                return f"It is {branch.get_status_display()} now."
            case "merge":
                return f"Merged by commit {reviews.merge_reviewed(branch, by=user).pk}."
            case "approve" | "request_changes" as verdict:
                head = request.POST.get("head", "")
                reviews.review(branch, by=user, verdict=verdict, text=said, head=head)
                return "Your review is kept."
            case "comment":
                reviews.comment(branch, by=user, text=said)
                return "Your comment is kept."
            case "find":
                require(user, "write", branch)
                return f"Conflicts: {len(merge.find_conflicts(branch))}."
            case "refresh":
                require(user, "write", branch)
                merge.refresh(branch, author=user)
                return "It has what its base has."
            case "decide":
                require(user, "write", branch)
                number = _number(request.POST.get("conflict", ""))
                _decide(get_object_or_404(branch.conflicts, pk=number), request.POST)
                return "Your decision is kept."
        raise ValidationError("There is no such thing to do.")

    def history(self, request: HttpRequest, label: str, pk: str) -> HttpResponse:
        """The versions of a row, which need not be there any more; POST restores one."""
        model = _versioned_model(label)
        of_model = self.admin_site._registry.get(model)
        if of_model is None or not of_model.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not of_model.has_change_permission(request):
                raise PermissionDenied
            back = reverse("admin:versioning_history", args=[label, pk])
            return _tried(request, lambda: _restore(request, model, pk), back)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Versions of {model._meta.verbose_name} {pk}",
            "opts": self.opts,
            "model": model,
            "pk": _key(model, pk),
        }
        return TemplateResponse(request, "admin/versioning/history.html", context)


DECISIONS = (("ours", "Take what the base has"), ("theirs", "Take what the branch has"))


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the engine writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # They go with their branch, but not by themselves.
        name = getattr(request.resolver_match, "url_name", "") or ""
        mine = name.startswith(f"{self.opts.app_label}_{self.opts.model_name}_")
        return not mine and super().has_delete_permission(request, obj)


@admin.register(Commit)
class CommitAdmin(ReadOnlyAdmin):
    list_display = ("id", "where", "author", "message", "created_at")
    list_filter = (("branch", admin.EmptyFieldListFilter),)
    list_select_related = ("author", "branch")
    search_fields = ("message",)
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.revert))
        return [path("<int:pk>/revert/", view, name="versioning_revert"), *super().get_urls()]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "branch__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="To")
    def where(self, commit: Commit) -> str:
        return str(commit.branch or "main")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """What a commit has changed."""
        rows: QuerySet[Commit] = Commit.objects.select_related("author", "branch", "merged")
        commit = get_object_or_404(rows, pk=_number(object_id or ""))
        if not self.has_view_permission(request, commit):
            raise PermissionDenied
        not_kept = ""
        try:
            found = diff.commit_diff(commit, limit=CHANGES, after=request.GET.get("after", ""))
        except Pruned as error:
            found, not_kept = diff.Page([]), str(error)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Commit {commit.pk}",
            "opts": self.opts,
            "commit": commit,
            "not_kept": not_kept,
            "changes": [_shown(change) for change in found.changes],
            "next": found.next,
            "may_revert": may_revert(request.user, commit),
        }
        return TemplateResponse(request, "admin/versioning/commit.html", context)

    def revert(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo a commit; where that is protected, by a branch that is to be reviewed."""
        commit = get_object_or_404(Commit, pk=pk)
        if not may_revert(request.user, commit):
            raise PermissionDenied

        def undo() -> str:
            made = revert(commit, author=request.user)  # type: ignore[arg-type]
            return "Nothing is left to undo." if made is None else f"Undone by commit {made.pk}."

        return _tried(request, undo, reverse("admin:versioning_commit_change", args=[pk]))


@admin.register(Protection)
class ProtectionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "required_approvals", "allows_direct_writes")
    list_select_related = ("branch",)
    autocomplete_fields = ("branch",)


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "role")
    list_filter = ("role",)
    list_select_related = ("branch", "user", "group")
    autocomplete_fields = ("branch",)
    raw_id_fields = ("user", "group")  # whose admins a project may not have


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ("name", "branch", "author", "created_at")
    list_select_related = ("branch", "author")
    search_fields = ("name", "message")


def _tried(request: HttpRequest, do: Callable[[], str], back: str) -> HttpResponse:
    """Tell what was done, or why not; and where to go if a branch was left to be looked after."""
    try:
        messages.success(request, do())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except (PermissionDenied, Pruned, ReadOnly) as error:
        messages.error(request, str(error) or "You may not do this.")
    except MergeConflict as error:
        messages.error(request, f"{len(error.conflicts)} conflicts are to be resolved.")
        back = reverse("admin:versioning_branch_page", args=[error.branch.pk])
    except reviews.NotApproved as error:
        messages.error(request, str(error))
        back = reverse("admin:versioning_branch_page", args=[error.branch.pk])
    except Protected as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(back)


def _decide(conflict: Conflict, said: Any) -> None:
    choice, value = said.get("choice", ""), said.get("value", "")
    if choice == Conflict.Choice.VALUE:
        if conflict.kind != Conflict.Kind.FIELD:
            raise ValidationError("Change the row in the branch instead.")
        field: Any = apps.get_model(conflict.model)._meta.get_field(conflict.field)
        form_field = None if field.is_relation else field.formfield()
        value = field.clean(value if form_field is None else form_field.clean(value), None)
    try:
        conflict.resolve(choice, value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _restore(request: HttpRequest, model: type[Model], pk: str) -> str:
    """In the branch that the session is in."""
    field = request.POST.get("field")
    commit = _number(request.POST.get("commit", ""))
    history.revert(model, _key(model, pk), commit, fields=[field] if field else None)
    return "Restored."


def _shown(change: diff.Change) -> dict[str, Any]:
    """A change as the templates show it."""
    fields = {name: (one.base, one.theirs) for name, one in change.fields.items()}
    rows = field_rows(change.model, fields)
    for row in rows:
        one = change.fields[row["name"]]
        row |= {"ours": one.ours, "is_disputed": one.is_disputed}
    return {
        "kind": change.kind,
        "label": change.label,
        "label_of_model": change.model._meta.label,
        "verbose_name": change.model._meta.verbose_name,
        "pk": change.pk,
        "fields": rows,
    }


def _versioned_model(label: str) -> type[Model]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if versioned_of(model) is None:
        raise Http404
    return model


def _key(model: type[Model], text: str) -> Any:
    field: Any = model._meta.pk
    while field.is_relation:
        field = field.target_field
    try:
        return field.to_python(text)
    except ValidationError:
        raise Http404 from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Http404
    return int(text)
