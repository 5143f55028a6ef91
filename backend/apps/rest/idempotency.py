"""Idempotency-Key on creates (draft-ietf-httpapi-idempotency-key-header)."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from apps.core.problems import Conflict, InvalidInput, Problem
from apps.rest.models import StoredAnswer

KEPT = timedelta(hours=24)
LONGEST = 100  # characters of a key


def once(request: Request, run: Callable[[], Response]) -> Response:
    """What `run` answers, or answered when the caller sent the same request before.

    The answer is stored with what `run` wrote, in one transaction: whoever dies leaves neither. A
    failure is not stored: it wrote nothing, and the key may be used again.

    Raises InvalidInput when the key came with another body, Conflict while the first is under way.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return run()
    if len(key) > LONGEST or not (key.isascii() and key.isprintable()):
        raise Problem(f"Idempotency-Key: use up to {LONGEST} printable characters, such as a UUID.")
    caller = str(request.user.pk) if request.user.is_authenticated else ""
    own = {"caller": caller, "route": request.path, "key": key}
    digest = sha256(request._request.body).hexdigest()
    with transaction.atomic():
        _take_turn("\n".join(own.values()))
        # Those that another call is clearing away are left to it: no create waits for it.
        old = StoredAnswer.objects.filter(created_at__lt=timezone.now() - KEPT)
        StoredAnswer.objects.filter(pk__in=old.select_for_update(skip_locked=True)).delete()
        if earlier := StoredAnswer.objects.filter(**own).first():
            return _again(earlier, digest)
        response = run()
        StoredAnswer.objects.create(
            **own,
            body_digest=digest,
            status=response.status_code,
            data=json.dumps(response.data, cls=JSONEncoder),
        )
        return response


def _again(earlier: StoredAnswer, digest: str) -> Response:
    if earlier.body_digest != digest:
        raise InvalidInput("This Idempotency-Key was used with another body.")
    headers = {"Idempotency-Replayed": "true"}
    return Response(json.loads(earlier.data), status=earlier.status, headers=headers)


def _take_turn(name: str) -> None:
    """Hold `name` until the transaction ends. Raises Conflict when somebody else does.

    SQLite has one writer at a time: there the second waits, and finds the first one's answer.
    """
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (taken,) = cursor.fetchone()
    if not taken:
        raise Conflict("The first request with this Idempotency-Key is still under way.")
