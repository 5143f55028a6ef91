"""What lists of the wiki can be narrowed by. The form is the list's address."""

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet

from apps.wiki import countries
from apps.wiki.folding import folded
from apps.wiki.models import Company, Park, Ride, Status

ANY = ("", "any")
RIDE_ORDERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "name": ("name", ("name", "id")),
    "-height_m": ("tallest", (F("height_m").desc(nulls_last=True), "id")),
    "-speed_kmh": ("fastest", (F("speed_kmh").desc(nulls_last=True), "id")),
    "-length_m": ("longest", (F("length_m").desc(nulls_last=True), "id")),
    "-opened": ("newest", ("-opened", "id")),
    "opened": ("oldest", ("opened", "id")),
}


def _any_has(text: str, *fields: str) -> Q:
    """Whether one of the fields has the text in it."""
    return reduce(or_, (Q(**{f"{name}__folded__contains": folded(text)}) for name in fields))


class Filter(forms.Form):
    """A form that is sent by GET; what is wrong narrows nothing, and says so beside its field."""

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_bound else None

    def narrowed(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        self.is_valid()
        return self.narrow(rows)

    def narrow(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        raise NotImplementedError

    @property
    def is_used(self) -> bool:
        """Whether anything is asked for."""
        return any(self.data.get(name) for name in self.fields)


class RideFilter(Filter):
    q = forms.CharField(label="Name, park or maker", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[ANY, *Ride.Kind.choices])
    status = forms.ChoiceField(label="Status", required=False, choices=[ANY, *Status.choices])
    country = forms.ChoiceField(label="Country", required=False, choices=[ANY, *countries.CHOICES])
    maker = forms.SlugField(label="Maker", required=False, widget=forms.HiddenInput)
    since = forms.IntegerField(label="Opened since", required=False, min_value=1700, max_value=2100)
    height = forms.DecimalField(
        label="At least so high, in m", required=False, min_value=0, max_value=1000
    )
    order = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[(key, words) for key, (words, _) in RIDE_ORDERS.items()],
    )

    def narrow(self, rows: "QuerySet[Ride]") -> "QuerySet[Ride]":
        if text := self.value("q"):
            rows = rows.filter(_any_has(text, "name", "park__name", "manufacturer__name"))
        for name, lookup in {
            "kind": "kind",
            "status": "status",
            "country": "park__country",
            "maker": "manufacturer__slug",
            "height": "height_m__gte",
        }.items():
            if value := self.value(name):
                rows = rows.filter(**{lookup: value})
        if year := self.value("since"):
            rows = rows.filter(opened__gte=str(year))
        _, order = RIDE_ORDERS[self.value("order") or "name"]
        return rows.order_by(*order)


class ParkFilter(Filter):
    q = forms.CharField(label="Name or city", required=False, max_length=100)
    country = forms.ChoiceField(label="Country", required=False, choices=[ANY, *countries.CHOICES])
    status = forms.ChoiceField(label="Status", required=False, choices=[ANY, *Status.choices])

    def narrow(self, rows: "QuerySet[Park]") -> "QuerySet[Park]":
        if text := self.value("q"):
            rows = rows.filter(_any_has(text, "name", "city"))
        for name in ("country", "status"):
            if value := self.value(name):
                rows = rows.filter(**{name: value})
        return rows


class CompanyFilter(Filter):
    q = forms.CharField(label="Name", required=False, max_length=100)
    does = forms.ChoiceField(
        label="What they do",
        required=False,
        choices=[ANY, ("operator", "run parks"), ("manufacturer", "build rides")],
    )

    def narrow(self, rows: "QuerySet[Company]") -> "QuerySet[Company]":
        if text := self.value("q"):
            rows = rows.filter(_any_has(text, "name"))
        if does := self.value("does"):
            rows = rows.filter(**{f"is_{does}": True})
        return rows
