"""Conditional requests (RFC 9110 section 13): cheap repeated reads, and edits that lose nothing.

An entity tag is "<version>-<digest>". The digest tells whether a copy is still the whole truth; the
version alone, whether an edit is based on the row as it is: what merely hangs on a row, such as a
count of open reports, is no conflict.
"""

import re
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.models import VersionedRow
from apps.core.problems import Problem

RATE_LIMIT = {"RateLimit", "RateLimit-Policy"}
TAG = re.compile(r'"(\d{1,9})-[0-9a-f]{32}"')


class PreconditionRequired(Problem):
    status = HTTPStatus.PRECONDITION_REQUIRED
    slug = "precondition-required"
    title = "Say which version you change"


class PreconditionFailed(Problem):
    status = HTTPStatus.PRECONDITION_FAILED
    slug = "precondition-failed"
    title = "Somebody else changed this meanwhile"


def seen_version(request: Request, row: VersionedRow) -> int:
    """The version in If-Match, to which an edit of `row` is bound; `*` is whichever it has.

    Raises PreconditionRequired without the header, PreconditionFailed for another version.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired("Send the ETag of what you read in If-Match.")
    versions = [int(version) for version in TAG.findall(header)]
    if header == "*" or row.version in versions:
        return row.version
    raise PreconditionFailed("Read it again, then make your change again.")


def with_etag(request: Any, response: Response) -> HttpResponseBase:
    """The answer with its ETag; 304 when the caller has it already."""
    if request.method not in {"GET", "HEAD"} and response.status_code not in {200, 201}:
        return response
    response.render()
    digest = blake2b(response.content, digest_size=16).hexdigest()
    version = response.data.get("version", 0) if isinstance(response.data, dict) else 0
    response["ETag"] = f'"{version}-{digest}"'
    # Who asks decides what there is to see.
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Authorization", "Cookie"])
    if request.method not in {"GET", "HEAD"} or response.status_code != HTTPStatus.OK:
        return response
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    if answer is None or answer is response:
        return response
    for name in RATE_LIMIT & response.headers.keys():  # a 304 counts as well
        answer[name] = response[name]
    return answer
