"""Every route of the URL configuration: "METHOD pattern", as `config/urls.py` spells it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from apps.api.api import api  # feature: spa

# Their routes are found in another way.
ELSEWHERE = (
    "ninja",  # feature: spa
)
METHODS = ("get", "post", "put", "patch", "delete")


def routes() -> set[str]:
    return {
        *_below(get_resolver().url_patterns, ""),
        *_operations(),  # feature: spa
    }


def _below(entries: list[Any], prefix: str) -> Iterator[str]:
    for entry in entries:
        pattern = prefix + _text(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.app_name not in ELSEWHERE:
                yield from _below(entry.url_patterns, pattern)
        elif isinstance(entry, URLPattern):
            yield from (f"{method.upper()} {pattern}" for method in _methods(entry.callback))


def _text(pattern: Any) -> str:
    text = str(pattern)
    if isinstance(pattern, RoutePattern):
        return text
    return text.removeprefix("^").removesuffix("\\Z").removesuffix("$").removesuffix("/?")


def _methods(callback: Any) -> list[str]:
    if actions := getattr(callback, "actions", None):  # a viewset
        return [method for method in actions if method in METHODS]
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is None:
        names = getattr(callback, "methods", ("GET",))  # a function may say which it answers
        return [name.lower() for name in names]
    return [method for method in METHODS if hasattr(view, method)]


# feature: spa
def _operations() -> Iterator[str]:
    """Ninja keeps the methods of its operations to itself."""
    root = "api/"
    for router in api._get_bound_routers():
        patterns = router.urls_paths(router.prefix)
        operations = [op for view in router.path_operations.values() for op in view.operations]
        for pattern, operation in zip(patterns, operations, strict=True):
            yield from (f"{method} {root}{pattern.pattern}" for method in operation.methods)


# end feature: spa
