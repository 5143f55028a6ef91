from typing import Any, NamedTuple

from pycrdt import Doc, Text

from longhouse.documents import yjs
from longhouse.documents.models import Document, Update


class Loaded(NamedTuple):
    doc: Doc[Any]
    waiting: int  # updates that no snapshot holds yet


def load(name: str) -> Loaded:
    """The document as it is stored; an empty one when nobody has written yet."""
    # In this order: what is folded between the two reads is in both, and counts once.
    updates = Update.objects.filter(document__name=name).order_by("pk")
    data = [bytes(update) for update in updates.values_list("data", flat=True)]
    snapshot = Document.objects.filter(name=name).values_list("snapshot", flat=True).first()
    parts = [bytes(snapshot)] if snapshot else []
    return Loaded(yjs.merged([*parts, *data]), len(data))


def text(name: str, *, root: str = "text") -> str:
    """The shared text under `root`, for exports, mails and search."""
    return str(load(name).doc.get(root, type=Text))
