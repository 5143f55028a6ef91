"""Every change of documents. Nothing here holds one in memory: any process serves any document."""

import base64
from typing import Any

from django.apps import apps  # feature: jobs
from django.db import IntegrityError, transaction

from longhouse.documents import conf, kinds, selectors, yjs
from longhouse.documents.models import Document, Update
from longhouse.realtime.log import publish

FOLDED_AT_ONCE = 500  # updates
PATIENCE = 10  # times `compact_at` until nobody waits for a worker any more


class Refused(Exception):
    """Nothing was stored: `reason` for programs, the text for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def append(*, name: str, update: bytes, user: Any, client: str = "") -> None:
    """Add to a document what a client wrote, and tell all who follow it.

    Stored when this returns, in no particular order: updates commute. The event is
    `document.update` {"update": base64, "user": pk, "client": who sent it}.

    Raises Refused: read-only, update-too-large, document-too-large, malformed, incomplete, gone.
    """
    if not kinds.may_write(user, name):
        raise Refused("read-only", "You may not write here.")
    waiting = _check(name, update)
    document, _ = Document.objects.get_or_create(name=name)
    data = {
        "update": base64.b64encode(update).decode(),
        "user": str(user.pk or ""),
        "client": client,
    }
    try:
        with transaction.atomic():
            Update.objects.create(document=document, data=update)
            publish(name, "document.update", data)
    except IntegrityError:  # `delete` was quicker
        raise Refused("gone", "This document was deleted.") from None
    _compact_in_time(name, waiting + 1)


def compact(*, name: str) -> int:
    """Fold the updates of a document into its snapshot; returns how many.

    Deletes exactly those that it has read: what is added meanwhile stays for the next time.
    """
    folded = 0
    while True:
        with transaction.atomic():
            # One at a time: another snapshot would not know what this one has taken.
            document = Document.objects.select_for_update().filter(name=name).first()
            if document is None:
                return folded
            rows = list(document.updates.order_by("pk")[:FOLDED_AT_ONCE])
            if not rows:
                return folded
            parts = [document.snapshot, *(row.data for row in rows)]
            document.snapshot = yjs.merged(bytes(part) for part in parts if part).get_update()
            document.save(update_fields=["snapshot"])
            document.updates.filter(pk__in=[row.pk for row in rows]).delete()
        folded += len(rows)
        if len(rows) < FOLDED_AT_ONCE:
            return folded


def delete(*, name: str) -> None:
    """Remove a document for good, with all that was written."""
    Document.objects.filter(name=name).delete()


def _check(name: str, update: bytes) -> int:
    """How many updates wait to be folded, if this one may be stored. Raises Refused."""
    limits = conf.load()
    if len(update) > limits.max_update:
        detail = f"These are {len(update)} bytes at once, more than {limits.max_update}."
        raise Refused("update-too-large", detail)
    doc, waiting = selectors.load(name)
    try:
        yjs.apply(doc, update)
    except yjs.Malformed as error:
        raise Refused("malformed", f"This is no Yjs update: {error}") from None
    except yjs.Incomplete:
        raise Refused("incomplete", "This builds on what was never stored: synchronise.") from None
    if len(doc.get_update()) > limits.max_size:
        detail = f"The document would become larger than {limits.max_size} bytes."
        raise Refused("document-too-large", detail)
    return waiting


def _compact_in_time(name: str, waiting: int) -> None:
    compact_at = conf.load().compact_at
    if waiting < compact_at:
        return
    # feature: jobs
    if apps.is_installed("longhouse.jobs") and waiting < PATIENCE * compact_at:
        from longhouse.documents.tasks import compact_document

        compact_document.enqueue(name)
        return
    # end feature: jobs
    compact(name=name)
