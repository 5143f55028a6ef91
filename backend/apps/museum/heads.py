"""Title and preview of public pages that are newer than the last build."""

from apps.museum.models import Machine
from apps.museum.selectors import machines
from longhouse.frontdoor.heads import Head, page_head


@page_head("/(public)/machines/[slug]")
def machine_page(slug: str) -> Head | None:
    machine = machines().filter(slug=slug).first()
    return _head(machine, f"/machines/{slug}") if machine else None


@page_head("/(public)/r/[asset]")
def report_page(asset: str) -> Head | None:
    machine = machines().filter(asset_number=asset.upper()).first()
    return _head(machine, f"/r/{machine.asset_number}", "Report a problem: ") if machine else None


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
