"""A small build of a front end, as its adapter writes it."""

import gzip
import json
from pathlib import Path

import brotli  # type: ignore[import-untyped]

SHELL = (
    "<!doctype html><html><head><meta charset=utf-8><title>Site</title>"
    '<meta name="description" content="the shell\'s own">'
    '<link rel="icon" href="/favicon.ico">'
    "</head><body><script>start('shell')</script></body></html>"
)
ABOUT = (
    "<!doctype html><html><head><title>About</title><style>h1{color:red}</style>"
    '<script>theme()</script><script src="/_app/x.js"></script></head><body>About us.</body></html>'
)
SCRIPT = "export const answer = 42;\n" * 100
LARGE = b"0123456789abcdef" * 100_000  # 1.6 MB

ROUTES = [
    ("/(app)/app", r"^\/app\/?$", []),
    ("/(app)/app/reports/[id]", r"^\/app\/reports\/([^/]+?)\/?$", ["id"]),
    ("/(public)", r"^\/$", []),
    ("/(public)/about", r"^\/about\/?$", []),
    ("/(public)/machines/[slug]", r"^\/machines\/([^/]+?)\/?$", ["slug"]),
    ("/(public)/unheaded/[id]", r"^\/unheaded\/([^/]+?)\/?$", ["id"]),
]


def write_build(dist: Path, *, about: str = ABOUT) -> None:
    """dist/site and dist/routes.json."""
    site = dist / "site"
    files = {
        "index.html": "<title>Home</title>",
        "about.html": about,
        "machines/medieval-madness.html": "<title>Medieval Madness</title>",
        "200.html": SHELL,
        "404.html": "<title>Nothing here</title><script>theme()</script>",
        "favicon.ico": "icon",
        "_app/version.json": '{"version":"1"}',
        "_app/immutable/chunks/a.js": SCRIPT,
        ".well-known/security.txt": "Contact: mailto:x@example.org",
        ".hidden": "secret",
    }
    for name, text in files.items():
        write_with_twins(site / name, text.encode())
    (site / "film.mp4").write_bytes(LARGE)
    table = {
        "shell": "200.html",
        "routes": [{"id": i, "pattern": p, "params": n} for i, p, n in ROUTES],
        "redirects": [{"path": "/old", "status": 301, "location": "/about"}],
    }
    (dist / "routes.json").write_text(json.dumps(table))


def write_with_twins(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    Path(f"{path}.br").write_bytes(brotli.compress(data))
    Path(f"{path}.gz").write_bytes(gzip.compress(data, mtime=0))
