"""Where the active branch goes along: into jobs, other processes, keys of caches."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from longhouse.versioning.branches import branch_context
from longhouse.versioning.context import MAIN, Layer, View, active, reading
from longhouse.versioning.models import Branch


def dump() -> Any:
    """What is active, as JSON for `restored` elsewhere; None: main as it is."""
    view = active.get()
    if view is None:
        return None
    top = view.layers[0]
    if top.branch != MAIN and top.at is None:
        return {"branch": top.branch, "is_writable": view.is_writable}
    return {"layers": [[layer.branch, layer.at] for layer in view.layers]}


@contextmanager
def restored(carried: Any) -> Iterator[None]:
    """Within, what `dump` has told of is active. Raises Branch.DoesNotExist when it is gone."""
    if carried is None:
        with branch_context(None):
            yield
    elif "layers" in carried:
        with reading(View(tuple(Layer(branch, at) for branch, at in carried["layers"]))):
            yield
    else:
        with reading(allowed(Branch.objects.get(pk=carried["branch"]), carried["is_writable"])):
            yield


def allowed(branch: Branch, may_write: bool) -> View:
    """The branch's view, for somebody who may write to it or not."""
    view = branch.view()
    return View(view.layers, is_writable=view.is_writable and may_write)


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """KEY_FUNCTION of a cache of what is read from versioned models; on main, as Django's own.

    Not of one that holds sessions or counts: those would be others in each branch.
    """
    view = active.get()
    where = "" if view is None else "@" + ",".join(map(_layer_key, view.layers))
    return f"{key_prefix}:{version}{where}:{key}"


def _layer_key(layer: Layer) -> str:
    return str(layer.branch) if layer.at is None else f"{layer.branch}.{layer.at}"
