"""Title and preview of public pages that are newer than the last build."""

from apps.museum.models import Machine
from apps.museum.pages import machine_path, report_path
from apps.museum.selectors import machines
from longhouse.frontdoor.heads import Head, page_head


@page_head("/(public)/machines/[slug]")
def machine_page(slug: str) -> Head | None:
    machine = machines().filter(slug=slug).first()
    return _head(machine, machine_path(slug)) if machine else None


@page_head("/(public)/r/[asset]")
def report_page(asset: str) -> Head | None:
    machine = machines().filter(asset_number=asset.upper()).first()
    if machine is None:
        return None
    return _head(machine, report_path(machine.asset_number), "Report a problem: ")


def _head(machine: Machine, canonical: str, prefix: str = "") -> Head:
    model = machine.model
    gallery = machine.gallery  # type: ignore[attr-defined]
    return Head(
        title=f"{prefix}{model.name} ({model.year})",
        description=model.facts or f"{model.name}, made by {model.manufacturer} in {model.year}.",
        canonical=canonical,
        image=gallery[0].image.url if gallery else None,
        kind="article",
    )
