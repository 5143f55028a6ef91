"""The table of files: everything that is answered without a thought, from memory."""

import gzip
import hashlib
import json
import logging
import mimetypes
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import brotli  # type: ignore[import-untyped]

from longhouse.frontdoor.conf import Conf
from longhouse.frontdoor.content import Content, encodings
from longhouse.frontdoor.csp import Policy, build_policy, with_hashes

logger = logging.getLogger(__name__)

IN_MEMORY = 1024 * 1024  # bytes; larger files stay on disk
IMMUTABLE = b"public, max-age=31536000, immutable"
REVALIDATE = b"no-cache"
TWINS = {"br": ".br", "gzip": ".gz"}

# The registry of the system differs from one to the next; these do not.
_TYPES = mimetypes.MimeTypes(filenames=())
for _suffix, _type in {
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}.items():
    _TYPES.add_type(_type, _suffix)


@dataclass(frozen=True, slots=True)
class File:
    """One path: its encodings ("" is the file itself) and, for HTML, its policy."""

    variants: dict[str, Content]
    policy: Policy

    def choose(self, accept_encoding: bytes) -> Content:
        if len(self.variants) > 1:
            for coding in encodings(accept_encoding):
                if coding in self.variants:
                    return self.variants[coding]
        return self.variants[""]


def content_type(name: str) -> str:
    kind = _TYPES.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def inline_hash(text: str) -> str:
    """The hash by which a policy allows an inline script or style: "sha256-…"."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


def load_static(settings: Conf) -> dict[str, File]:
    """Django's collected files by URL path; names in the manifest carry a hash of the content.

    None in DEBUG: the finders serve the originals.
    """
    root, prefix = settings.static_root, settings.static_url
    if not root or not root.is_dir() or not prefix or settings.debug:
        return {}
    manifest = root / "staticfiles.json"
    hashed = set()
    if manifest.is_file():
        hashed = {
            name
            for plain, name in json.loads(manifest.read_text())["paths"].items()
            if plain != name
        }
    files = {}
    for path in walk(root):
        if path == manifest:
            continue
        name = path.relative_to(root).as_posix()
        cache = IMMUTABLE if name in hashed else REVALIDATE
        files[prefix + name] = load_file(path, cache, settings.csp)
    return files


def walk(root: Path) -> Iterator[Path]:
    """Files to serve: nothing hidden, no twin by itself, nothing outside of `root`."""
    inside = root.resolve()
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(p.startswith(".") and p != ".well-known" for p in parts) or not path.is_file():
            continue
        if path.suffix in TWINS.values() and path.with_suffix("").is_file():
            continue
        if not path.resolve().is_relative_to(inside):
            logger.warning("%s leads out of %s and is not served", path, root)
            continue
        yield path


def load_file(path: Path, cache: bytes, policy: Policy) -> File:
    """A file and its twins; `cache`: its Cache-Control."""
    data = path.read_bytes()
    if path.suffix == ".html":
        inline = _Inline(data)
        policy = with_hashes(policy, inline.scripts, inline.styles)
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", content_type(path.name).encode()),
        (b"cache-control", cache),
    ]
    if value := build_policy(policy):
        headers.append((b"content-security-policy", value.encode()))
    encoded = dict(_twins(path, data))
    if encoded:
        headers.append((b"vary", b"Accept-Encoding"))
    variants = {"": _content(path, data, headers)}
    for coding, (twin, compressed) in encoded.items():
        extra = (b"content-encoding", coding.encode())
        variants[coding] = _content(twin, compressed, [*headers, extra])
    return File(variants, policy)


def _content(path: Path, data: bytes, headers: list[tuple[bytes, bytes]]) -> Content:
    small = len(data) <= IN_MEMORY
    return Content(
        size=len(data),
        etag=b'"%s"' % hashlib.sha256(data).hexdigest()[:24].encode(),
        headers=tuple(headers),
        body=data if small else None,
        path=None if small else path,
    )


def _twins(path: Path, data: bytes) -> Iterator[tuple[str, tuple[Path, bytes]]]:
    """The compressed neighbours of a file, only those that really hold the same bytes."""
    for coding, suffix in TWINS.items():
        twin = path.with_name(path.name + suffix)
        if not twin.is_file():
            continue
        compressed = twin.read_bytes()
        try:
            plain = (brotli if coding == "br" else gzip).decompress(compressed)
        except (brotli.error, OSError, EOFError):
            plain = None
        if plain == data:
            yield coding, (twin, compressed)
        else:
            logger.warning("%s does not hold the bytes of %s and is not served", twin, path.name)


class _Inline(HTMLParser):
    """Hashes of a page's inline scripts and styles, as the policy names them."""

    def __init__(self, html: bytes) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._into: list[str] | None = None
        self._text = ""
        # A browser hashes what it parsed, where every line end is one \n.
        self.feed(html.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self._into, self._text = self.scripts, ""
        elif tag == "style":
            self._into, self._text = self.styles, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"} and self._into is not None:
            if (digest := inline_hash(self._text)) not in self._into:
                self._into.append(digest)
            self._into = None
