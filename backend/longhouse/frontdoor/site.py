"""The built front end as one value: its files, its routes, its redirects, its error pages.

`current()` gives the site of this process. It is read again, in the background, when routes.json
changed (looked at once a second at most), so a new build needs no restart; a build that cannot be
read is logged, and the old one stays. As often it looks which pages were retired since the data of
the build was read: those are not among its files.
"""

import json
import logging
import re
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from longhouse.frontdoor import conf, retired
from longhouse.frontdoor.csp import Policy
from longhouse.frontdoor.jsregex import compile_js
from longhouse.frontdoor.table import IMMUTABLE, REVALIDATE, File, load_file, walk

logger = logging.getLogger(__name__)

CHECK_EVERY = 1.0  # seconds


class InvalidRoutes(ValueError):
    """routes.json cannot be read."""


@dataclass(frozen=True, slots=True)
class Route:
    id: str  # "/(app)/app/orders/[id]"
    pattern: re.Pattern[str]
    params: tuple[str, ...]

    @property
    def app(self) -> bool:
        """Behind sign-in, answered by the shell alone."""
        return self.id.startswith("/(app)/") or self.id == "/(app)"


@dataclass(frozen=True, slots=True)
class Redirect:
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class RouteTable:
    shell: str = ""
    routes: tuple[Route, ...] = ()
    redirects: dict[str, Redirect] = field(default_factory=dict)
    data_time: float = 0.0  # Unix seconds when the data of its pages was read


@dataclass(frozen=True, slots=True)
class Site:
    files: dict[str, File] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    redirects: dict[str, Redirect] = field(default_factory=dict)
    shell: File | None = None
    errors: dict[int, File] = field(default_factory=dict)  # prerendered pages by status
    data_time: float = 0.0

    def match(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """The first route that takes `path`, and its parameters."""
        for route in self.routes:
            if found := route.pattern.match(path):
                values = zip(route.params, found.groups(), strict=False)
                return route, {name: value for name, value in values if value is not None}
        return None


def load(settings: conf.Conf) -> Site:
    """Read the build; an empty site when there is none. Raises as `load_routes`."""
    if not settings.site or not settings.site.is_dir():
        return Site()
    files = load_files(settings.site, settings.csp)
    errors = {
        int(url[1:]): files.pop(url) for url in list(files) if re.fullmatch(r"/[45]\d\d", url)
    }
    table = load_routes(settings)
    shell = files.pop("/" + table.shell.removesuffix(".html"), None)
    return Site(files, table.routes, table.redirects, shell, errors, table.data_time)


def load_files(root: Path, policy: Policy) -> dict[str, File]:
    """Files of a built site by URL path: `about.html` is `/about`, `index.html` is `/`."""
    files = {}
    for path in walk(root):
        url = "/" + path.relative_to(root).as_posix()
        immutable = url.startswith("/_app/immutable/")
        if url.endswith(".html"):
            url = url.removesuffix(".html")
            if url.endswith("/index"):
                url = url.removesuffix("index")
        files[url] = load_file(path, IMMUTABLE if immutable else REVALIDATE, policy)
    return files


def load_routes(settings: conf.Conf) -> RouteTable:
    """routes.json, or an empty table when there is none.

    Raises InvalidRoutes when it is broken or names a pattern that Python cannot match.
    """
    if not settings.routes or not settings.routes.is_file():
        return RouteTable()
    try:
        data = json.loads(settings.routes.read_text())
        return RouteTable(
            shell=str(data["shell"]),
            routes=tuple(
                Route(r["id"], compile_js(r["pattern"]), tuple(r["params"])) for r in data["routes"]
            ),
            redirects={
                r["path"]: Redirect(int(r["status"]), str(r["location"])) for r in data["redirects"]
            },
            data_time=float(data.get("dataTime") or settings.routes.stat().st_mtime),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidRoutes(f"{settings.routes}: {type(error).__name__}: {error}") from error


class Loader:
    """Keeps one site and renews it when the build changed."""

    def __init__(self, settings: conf.Conf) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._stamp = _mtime(settings.routes)
        self._checked = time.monotonic()
        self._built = load(settings)
        self._leave_out_retired()

    def current(self) -> Site:
        """The site, at once; a renewal happens behind and shows up when it is ready."""
        now = time.monotonic()
        if now - self._checked >= CHECK_EVERY:
            self._checked = now
            if _mtime(self.settings.routes) != self._stamp:
                if self._lock.acquire(blocking=False):
                    threading.Thread(target=self._renew, name="site", daemon=True).start()
            elif _mtime(self.settings.retired) != self._retired_stamp:
                self._leave_out_retired()
        return self.site

    def _renew(self) -> None:
        try:
            stamp = _mtime(self.settings.routes)
            self._built = load(self.settings)
            self._leave_out_retired()
            logger.info("The site was read again: %d files", len(self.site.files))
        except (InvalidRoutes, OSError):
            logger.exception("The new build cannot be read; the old one stays")
        finally:
            self._stamp = stamp
            self._lock.release()

    def _leave_out_retired(self) -> None:
        self._retired_stamp = _mtime(self.settings.retired)
        since = self._built.data_time
        gone = {path for path, at in retired.read(self.settings.retired).items() if at >= since}
        files = {path: file for path, file in self._built.files.items() if path not in gone}
        self.site = replace(self._built, files=files)


def _mtime(path: Path | None) -> int:
    try:
        return path.stat().st_mtime_ns if path else 0
    except OSError:
        return 0


_loader: Loader | None = None
_loading = threading.Lock()


def current() -> Site:
    """The site of this process, read at the first call."""
    global _loader  # noqa: PLW0603 - one table per process, as Django has one URLconf
    if _loader is None:
        with _loading:
            if _loader is None:
                _loader = Loader(conf.load())
    return _loader.current()


def reset() -> None:
    """Forget the site; the next `current()` reads the settings again."""
    global _loader  # noqa: PLW0603
    _loader = None
