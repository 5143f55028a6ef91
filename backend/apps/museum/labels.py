"""The label on each machine: a QR code that opens its report form."""

import segno
from django.conf import settings

from apps.museum.models import Machine


def label_url(machine: Machine) -> str:
    return f"{settings.SITE_URL}/r/{machine.asset_number}"


def all_labels() -> list[dict[str, str]]:
    """Every machine's label in walking order; `svg` scales with its box and has no fixed size."""
    machines = Machine.objects.select_related("model", "location").order_by(
        "location__position", "model__name"
    )
    return [
        {
            "asset_number": machine.asset_number,
            "name": machine.model.name,
            "location": machine.location.name,
            "url": label_url(machine),
            "svg": segno.make(label_url(machine), error="m", micro=False).svg_inline(
                omitsize=True, border=2, svgclass="qr", lineclass=None
            ),
        }
        for machine in machines
    ]
