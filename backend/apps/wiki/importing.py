"""The page that takes a CSV file: looked at first, then brought into a draft."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.wiki import trust
from apps.wiki.forms import ImportForm
from apps.wiki.people import methods, see_other, signed_in, work_on
from apps.wiki.services.imports import COLUMNS, Report, import_csv
from apps.wiki.throttling import count_edit


@methods("GET", "POST")
@signed_in
def import_page(request: HttpRequest) -> HttpResponse:
    """Without `confirmed` a file is only looked at; with it, it becomes a draft."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "GET":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    count_edit(request)
    is_confirmed = "confirmed" in request.POST
    try:
        report = import_csv(
            form.cleaned_data["text"],
            kind=form.cleaned_data["kind"],
            by=request.user,
            dry_run=not is_confirmed,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form, status=422)
    if report.draft is not None:
        work_on(request, report.draft)
        return see_other(
            request,
            reverse("wiki:proposal", args=[report.draft.name]),
            f"In your draft: {report.created} new, {report.updated} changed.",
        )
    return _page(request, form, report, status=422 if report.errors else 200)


def _page(
    request: HttpRequest, form: ImportForm, report: Report | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "report": report,
        "columns": [
            (str(model._meta.verbose_name_plural), names) for model, names in COLUMNS.values()
        ],
        "rows": trust.level(request.user).import_rows,
        "text": form.cleaned_data.get("text", "") if report is not None else "",
        "kind": form.cleaned_data.get("kind", "") if report is not None else "",
    }
    return render(request, "wiki/editing/import.html", context, status=status)
