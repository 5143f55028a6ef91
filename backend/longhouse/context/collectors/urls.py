"""Every route, told from Django's resolver.

No library of APIs is imported here: views carry what is needed.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.auth.mixins import AccessMixin
from django.urls import URLResolver, get_resolver

from longhouse.context.project import Project, dotted, summary

QUESTION = "Which URLs are there, what answers each, by which methods, and for whom?"


@dataclass(frozen=True)
class Route:
    """`methods` is missing when the view itself decides; `auth` when nothing is asked before it."""

    pattern: str
    view: str
    methods: list[str] = field(default_factory=list)
    auth: list[str] = field(default_factory=list)
    name: str = ""
    doc: str = ""


@dataclass(frozen=True)
class Routes:
    """In the order in which Django tries them: the first that fits answers.

    A pattern may be answered by one view for each method.
    """

    routes: list[Route]


def collect(project: Project) -> Routes:
    return Routes(list(routes(get_resolver().url_patterns)))


def count(document: Routes) -> str:
    return f"{len(document.routes)} routes"


def routes(patterns: list[Any], before: str = "/", namespace: str = "") -> Iterator[Route]:
    operations = _operations(patterns)  # feature: spa
    for entry in patterns:
        pattern = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, pattern, inner)
        else:
            name = f"{namespace}{entry.name}" if entry.name else ""
            # feature: spa
            if id(entry) in operations:
                yield _ninja_route(operations[id(entry)], pattern, name)
                continue
            # end feature: spa
            # feature: rest
            if hasattr(entry.callback, "cls"):
                yield from _rest_routes(entry.callback, pattern, name)
                continue
            # end feature: rest
            yield _route(entry.callback, pattern, name)


# Views ---------------------------------------------------------------------------------------


def _route(callback: Any, pattern: str, name: str) -> Route:
    while isinstance(callback, partial):
        callback = callback.func
    kind = getattr(callback, "view_class", None)
    view = kind or callback
    doc = view.__dict__.get("__doc__") if inspect.isclass(view) else view.__doc__
    return Route(
        pattern=pattern,
        view=dotted(view),
        methods=_methods(callback, kind),
        auth=_auth(callback, kind),
        name=name,
        # What belongs to Django is explained there.
        doc=summary(doc) if not dotted(view).startswith("django.") else "",
    )


def _methods(callback: Any, kind: Any) -> list[str]:
    if kind is not None:
        return _handled(kind)
    # @require_http_methods keeps its list to itself.
    while callback is not None:
        inside = inspect.getclosurevars(callback).nonlocals if inspect.isfunction(callback) else {}
        if "request_method_list" in inside:
            return sorted(inside["request_method_list"])
        callback = getattr(callback, "__wrapped__", None)
    return []


def _handled(kind: Any) -> list[str]:
    names = [name for name in kind.http_method_names if name not in {"head", "options"}]
    return sorted(name.upper() for name in names if hasattr(kind, name))


def _auth(callback: Any, kind: Any) -> list[str]:
    if hasattr(callback, "admin_site") or hasattr(callback, "model_admin"):
        return ["admin site"]
    if inspect.isclass(kind) and issubclass(kind, AccessMixin):
        return [
            base.__name__
            for base in kind.__mro__
            if issubclass(base, AccessMixin) and base is not AccessMixin and base is not kind
        ]
    # @login_required, @permission_required and their like leave this behind.
    return ["login required"] if hasattr(callback, "login_url") else []


# feature: rest
# Views of REST framework ---------------------------------------------------------------------


def _rest_routes(callback: Any, pattern: str, name: str) -> Iterator[Route]:
    """One route of a view; of a viewset, one for each method, by the name of its action."""
    kind = callback.cls
    given = getattr(callback, "initkwargs", {})
    auth = [
        _condition(item)
        for key in ("authentication_classes", "permission_classes")
        for item in given.get(key, getattr(kind, key))
    ]
    # A function with @api_view became a class of another name.
    view = f"{kind.__module__}.{kind.__name__}"
    actions = getattr(callback, "actions", None) or {}
    for method, action in sorted(actions.items()):
        doc = summary(getattr(kind, action).__doc__)
        yield Route(pattern, f"{view}.{action}", [method.upper()], auth, name, doc)
    if not actions:
        yield Route(pattern, view, _handled(kind), auth, name, summary(kind.__doc__))


def _condition(item: Any) -> str:
    """The name of a class; of a composed permission, what it is made of."""
    if not hasattr(item, "operator_class"):
        return str(getattr(item, "__name__", type(item).__name__))
    operator, first = item.operator_class.__name__, _condition(item.op1_class)
    if not hasattr(item, "op2_class"):
        return f"{operator} {first}"
    return f"({first} {operator} {_condition(item.op2_class)})"


# end feature: rest
# feature: spa
# Operations of Ninja -------------------------------------------------------------------------


def _operations(patterns: list[Any]) -> dict[int, Any]:
    """The Ninja operation of each pattern, by the pattern's identity.

    Ninja makes one pattern for each operation of a path; all of them lead to the same path view,
    which finds the operation by its method.
    """
    found: dict[int, Any] = {}
    seen: dict[int, int] = {}
    for entry in patterns:
        callback = inspect.unwrap(getattr(entry, "callback", None))  # type: ignore[arg-type]
        if not inspect.isfunction(callback):
            continue
        path_view = inspect.getclosurevars(callback).nonlocals.get("self")
        operations = getattr(path_view, "operations", None)
        if isinstance(operations, list):
            position = seen.get(id(path_view), 0)
            seen[id(path_view)] = position + 1
            found[id(entry)] = operations[position]
    return found


def _ninja_route(operation: Any, pattern: str, name: str) -> Route:
    function = operation.view_func
    return Route(
        pattern=pattern,
        view=dotted(function),
        methods=sorted(operation.methods),
        auth=[_name_of(callback, function) for callback in operation.auth_callbacks],
        name=name,
        doc=summary(function.__doc__),
    )


def _name_of(callback: Any, function: Any) -> str:
    """What the module of the operation calls it, such as `signed_in`; else its own name."""
    for name, value in getattr(function, "__globals__", {}).items():
        if value is callback:
            return str(name)
    return str(getattr(callback, "__name__", type(callback).__name__))


# end feature: spa
