"""Pages of the wiki to read. Each works without scripts, in any branch, as of any moment."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.wiki import metrics, selectors
from apps.wiki.filters import CompanyFilter, Filter, ParkFilter, RideFilter
from apps.wiki.models import Company, Park, Ride
from apps.wiki.moments import reading
from apps.wiki.people import is_part
from apps.wiki.services.watching import is_watched
from longhouse.versioning.models import Branch

MOST_COMPARED = 4


def _page(request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
    common = {"as_of": getattr(request, "moment", None), "most_compared": MOST_COMPARED}
    return render(request, template, common | shown)


def _row_page(request: HttpRequest, template: str, row: Any, **shown: Any) -> HttpResponse:
    """The page of one row, which can be watched."""
    kind = row._meta.model_name
    if request.user.is_authenticated:
        shown["is_watched"] = is_watched(row, by=request.user)
    return _page(request, template, kind=kind, row=row, **{kind: row}, **shown)


def _list_page(
    request: HttpRequest, template: str, rows: Any, form: Filter, **shown: Any
) -> HttpResponse:
    """A list with its filter; htmx gets the results alone, or the next of them."""
    found = selectors.page_of(form.narrowed(rows), request.GET.get("page"))
    query = request.GET.copy()
    query["page"] = str(found.number + 1)
    shown |= {"form": form, "page": found, "next_url": f"{request.path}?{query.urlencode()}"}
    if is_part(request):
        target = request.headers.get("HX-Target", "")
        part = "items" if "next" in target else "results"
        return _page(request, f"wiki/parts/{template}_{part}.html", **shown)
    return _page(request, f"wiki/{template}.html", **shown)


@reading
def home(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        "wiki/home.html",
        numbers={
            "parks": Park.objects.count(),
            "rides": Ride.objects.count(),
            "companies": Company.objects.count(),
        },
        tallest=selectors.rides().filter(height_m__isnull=False).order_by("-height_m", "id")[:5],
        newest=selectors.rides().exclude(opened="").order_by("-opened", "id")[:5],
        changes=selectors.changes()[:6],
    )


@reading
def parks(request: HttpRequest) -> HttpResponse:
    return _list_page(request, "parks", selectors.parks(), ParkFilter(request.GET))


@reading
def rides(request: HttpRequest) -> HttpResponse:
    form = RideFilter(request.GET)
    maker = Company.objects.filter(slug=request.GET.get("maker", "")).first()
    return _list_page(request, "rides", selectors.rides(), form, maker=maker)


@reading
def companies(request: HttpRequest) -> HttpResponse:
    return _list_page(request, "companies", selectors.companies(), CompanyFilter(request.GET))


@reading
def park(request: HttpRequest, park: str) -> HttpResponse:
    try:
        found = selectors.park(park)
    except Park.DoesNotExist:
        raise Http404("There is no such park.") from None
    by_area: dict[Any, list[Ride]] = {area.pk: [] for area in found.areas.all()}
    elsewhere: list[Ride] = []
    for ride in found.rides.all():
        ride.park = found  # not read again for its address
        by_area.get(ride.area_id, elsewhere).append(ride)
    areas = [(area, by_area[area.pk]) for area in found.areas.all()]
    return _row_page(request, "wiki/park.html", found, areas=areas, elsewhere=elsewhere)


@reading
def ride(request: HttpRequest, park: str, ride: str) -> HttpResponse:
    try:
        found = selectors.ride(park, ride)
    except Ride.DoesNotExist:
        raise Http404("There is no such ride.") from None
    return _row_page(
        request,
        "wiki/ride.html",
        found,
        stars=selectors.stars(found),
        reviews=selectors.shown_reviews(found)[:20],
    )


@reading
def company(request: HttpRequest, company: str) -> HttpResponse:
    try:
        found = selectors.company(company)
    except Company.DoesNotExist:
        raise Http404("There is no such company.") from None
    built = selectors.page_of(selectors.built_by(found), 1)
    return _row_page(request, "wiki/company.html", found, built=built)


@reading
def history(request: HttpRequest, **which: str) -> HttpResponse:
    """What happened to a park, a ride or a company, and who wrote what of it."""
    row: Park | Ride | Company
    if "ride" in which:
        row = get_object_or_404(
            Ride.objects.select_related("park"), park__slug=which["park"], slug=which["ride"]
        )
        kind = "ride"
    elif "park" in which:
        row, kind = get_object_or_404(Park, slug=which["park"]), "park"
    else:
        row, kind = get_object_or_404(Company, slug=which["company"]), "company"
    return _page(
        request,
        "wiki/history.html",
        row=row,
        kind=kind,
        versions=selectors.versions(row),
        written=selectors.who_wrote(row),
    )


@reading
def compare(request: HttpRequest) -> HttpResponse:
    """Rides side by side."""
    asked = [text for text in request.GET.getlist("ride") if text][:MOST_COMPARED]
    found = {
        f"{one.park.slug}/{one.slug}": one
        for one in selectors.rides().filter(
            park__slug__in=[text.partition("/")[0] for text in asked],
            slug__in=[text.partition("/")[2] for text in asked],
        )
    }
    chosen = [found[text] for text in dict.fromkeys(asked) if text in found]
    best = {}  # where there are two to compare
    for name in ("height_m", "speed_kmh", "length_m"):
        values = [value for one in chosen if (value := getattr(one, name)) is not None]
        best[name] = max(values) if len(values) > 1 else None
    unknown = [text for text in asked if text not in found]
    return _page(request, "wiki/compare.html", rides=chosen, best=best, unknown=unknown)


@reading
def lists(request: HttpRequest) -> HttpResponse:
    found = selectors.page_of(selectors.public_lists(request.user), request.GET.get("page"))
    return _page(request, "wiki/lists.html", page=found)


@reading
def one_list(request: HttpRequest, pk: Any) -> HttpResponse:
    found = get_object_or_404(selectors.public_lists(request.user), pk=pk)
    entries = selectors.page_of(selectors.list_entries(found), request.GET.get("page"))
    return _page(request, "wiki/list.html", list=found, page=entries)


@reading
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    found = selectors.suggestions(text, 5 if is_part(request) else 20)
    template = "parts/suggestions" if is_part(request) else "search"
    return _page(request, f"wiki/{template}.html", q=text, found=found)


@reading
def changes(request: HttpRequest) -> HttpResponse:
    """What has changed lately, by whom. htmx asks how much came `since` a change, then for it."""
    # feature: realtime
    since = request.GET.get("since", "")
    if is_part(request) and since.isdigit() and len(since) < 19:
        count = selectors.changes().filter(pk__gt=int(since)).count()
        return _page(request, "wiki/parts/changes_new.html", newest=since, count=count)
    # end feature: realtime
    found = selectors.page_of(selectors.changes(), request.GET.get("page"))
    newest = found.rows[0].pk if found.rows else 0
    template = "parts/changes_list" if is_part(request) else "changes"
    return _page(request, f"wiki/{template}.html", page=found, newest=newest)


@reading
def dashboard(request: HttpRequest) -> HttpResponse:
    """Where proposals stand, and what the history amounts to."""
    mine = Q(owner=request.user.pk) if request.user.is_authenticated else Q(pk=None)
    shown = Branch.objects.filter(
        Q(status=Branch.Status.OPEN) | mine & Q(status=Branch.Status.DRAFT)
    )
    found = selectors.page_of(
        shown.select_related("owner").order_by("-created_at", "-pk"), request.GET.get("page")
    )
    numbers = metrics.numbers()
    return _page(
        request,
        "wiki/dashboard.html",
        page=found,
        states=selectors.branch_states(found.rows),
        numbers=numbers,
        costs=metrics.costs(numbers),
    )
