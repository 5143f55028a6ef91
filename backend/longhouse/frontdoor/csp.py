"""Content Security Policy with the names and the settings of Django 6.0.

On Django 6.0 this file goes away: `CSP` is `django.utils.csp.CSP`, the middleware is
`django.middleware.csp.ContentSecurityPolicyMiddleware`, the context processor is
`django.template.context_processors.csp`; `with_hashes` moves to `table.py`.
"""

import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject, empty

Policy = Mapping[str, Any]


class CSP(StrEnum):
    """Values for the lists of `SECURE_CSP`; NONCE stands for the nonce of each response."""

    HEADER_ENFORCE = "Content-Security-Policy"
    HEADER_REPORT_ONLY = "Content-Security-Policy-Report-Only"

    NONE = "'none'"
    REPORT_SAMPLE = "'report-sample'"
    SELF = "'self'"
    STRICT_DYNAMIC = "'strict-dynamic'"
    UNSAFE_EVAL = "'unsafe-eval'"
    UNSAFE_HASHES = "'unsafe-hashes'"
    UNSAFE_INLINE = "'unsafe-inline'"
    WASM_UNSAFE_EVAL = "'wasm-unsafe-eval'"

    NONCE = "<CSP_NONCE_SENTINEL>"


class LazyNonce(SimpleLazyObject):  # type: ignore[type-arg]
    """A nonce that exists only once something printed it; false until then."""

    def __init__(self) -> None:
        super().__init__(lambda: secrets.token_urlsafe(16))

    def __bool__(self) -> bool:
        return self.__dict__["_wrapped"] is not empty


def build_policy(policy: Policy, nonce: object = None) -> str:
    """The header value of `policy`: {directive: list of sources, one source, True or None}.

    NONCE becomes `'nonce-…'`, or vanishes when no nonce was used.
    """
    parts = []
    for directive, value in policy.items():
        if value is None or value is False:
            continue
        if value is True:
            parts.append(directive)
            continue
        sources = _sources(value)
        if nonce:
            sources = [f"'nonce-{nonce}'" if s == CSP.NONCE else s for s in sources]
        else:
            sources = [s for s in sources if s != CSP.NONCE]
        if sources:
            parts.append(f"{directive} {' '.join(sources)}")
    return "; ".join(parts)


def with_hashes(policy: Policy, scripts: Iterable[str], styles: Iterable[str]) -> Policy:
    """`policy` that also allows inline scripts and styles by their hashes ("sha256-…")."""
    allowed = dict(policy)
    for directive, hashes in (("script-src", scripts), ("style-src", styles)):
        added = [f"'{digest}'" for digest in hashes]
        if not added:
            continue
        base = _sources(allowed.get(directive, allowed.get("default-src", ())))
        allowed[directive] = [*(s for s in base if s != CSP.NONE), *added]
    return allowed


def get_nonce(request: HttpRequest) -> object:
    """The nonce of this request; reading it as text puts it into the policy."""
    return getattr(request, "_csp_nonce", None)


def csp(request: HttpRequest) -> dict[str, object]:
    """Template context processor: `csp_nonce` for inline scripts and styles."""
    return {"csp_nonce": get_nonce(request)}


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """Sends `SECURE_CSP` and `SECURE_CSP_REPORT_ONLY`, unless the view set the header itself."""

    _built: tuple[Policy | None, str] = (None, "")

    def process_request(self, request: HttpRequest) -> None:
        setattr(request, "_csp_nonce", LazyNonce())  # noqa: B010 - HttpRequest does not declare it

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # The technical error pages of DEBUG live on inline styles and scripts.
        if settings.DEBUG and response.status_code in (404, 500):
            return response
        nonce = get_nonce(request)
        for header, name in (
            (CSP.HEADER_ENFORCE.value, "SECURE_CSP"),
            (CSP.HEADER_REPORT_ONLY.value, "SECURE_CSP_REPORT_ONLY"),
        ):
            # Django 6.0 has defaults for both names, Django 5.2 has none.
            policy = getattr(settings, name, None)
            if policy and header not in response:
                response.headers[header] = (
                    build_policy(policy, nonce) if nonce else self._without_nonce(policy)
                )
        return response

    def _without_nonce(self, policy: Policy) -> str:
        """The same text for every answer that used none, made once."""
        known, text = self._built
        if known is not policy:
            text = build_policy(policy)
            self._built = policy, text
        return text


def _sources(value: Any) -> list[str]:
    if isinstance(value, set | frozenset):
        return sorted(value)  # one order, so that equal policies are equal bytes
    return list(value) if isinstance(value, list | tuple) else [value]
