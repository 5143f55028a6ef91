"""Twenty shapes of queries over parks, their areas and their reviews."""

from collections.abc import Callable
from typing import Any

from bench.models import Area, Park, Review
from django.db.models import Avg, Count, Exists, OuterRef, Sum

PARK, SLUG = 777, "park-777"
PARKS, REVIEWS = Park.objects, Review.objects

SHAPES: dict[str, Callable[[], Any]] = {
    "get by key": lambda: PARKS.get(pk=PARK),
    "get by slug": lambda: PARKS.get(slug=SLUG),
    "hundred keys": lambda: list(PARKS.filter(pk__in=range(100, 200))),
    "filter, order, page": lambda: list(PARKS.filter(area_id=5).order_by("name")[:50]),
    "order, page": lambda: list(PARKS.order_by("-visitors")[:50]),
    "order by key, later page": lambda: list(PARKS.order_by("pk")[500:550]),
    "count": PARKS.count,
    "filter, count": PARKS.filter(visitors__gt=4_900_000).count,
    "search, count": PARKS.filter(name__icontains="fern creek").count,
    "aggregate": lambda: PARKS.aggregate(a=Avg("visitors"), s=Sum("hectares")),
    "group": lambda: list(
        PARKS.values("area_id").annotate(n=Count("id"), a=Avg("visitors")).order_by("area_id")
    ),
    "select_related": lambda: list(PARKS.select_related("area").order_by("-visitors")[:50]),
    "filter by join": lambda: list(PARKS.filter(area__name="A5")[:50]),
    "children with parents": lambda: list(REVIEWS.select_related("park").order_by("-id")[:50]),
    "children by parent's slug": lambda: list(REVIEWS.filter(park__slug=SLUG)),
    "count children": lambda: list(
        PARKS.filter(area_id=5).annotate(n=Count("reviews")).order_by("pk")[:50]
    ),
    "exists": lambda: list(
        Area.objects.filter(Exists(PARKS.filter(area=OuterRef("pk"), visitors__gt=4_999_000)))[:50]
    ),
    "prefetch": lambda: [
        len(area.parks.all()) for area in Area.objects.order_by("pk").prefetch_related("parks")[:5]
    ],
    "all rows": lambda: sum(1 for _ in PARKS.iterator(2000)),
    "list of the admin": lambda: (
        PARKS.filter(is_open=True).count(),
        list(PARKS.filter(is_open=True).select_related("area").order_by("-pk")[:100]),
    ),
}
