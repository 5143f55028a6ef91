"""A small build of a front end, as its adapter writes it."""

import json
from pathlib import Path

from longhouse.frontdoor.tests.files import LARGE, write_with_twins

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

ROUTES = [
    ("/(app)/app", r"^\/app\/?$", []),
    ("/(app)/app/orders/[id]", r"^\/app\/orders\/([^/]+?)\/?$", ["id"]),
    ("/(public)", r"^\/$", []),
    ("/(public)/about", r"^\/about\/?$", []),
    ("/(public)/articles/[slug]", r"^\/articles\/([^/]+?)\/?$", ["slug"]),
    ("/(public)/unheaded/[id]", r"^\/unheaded\/([^/]+?)\/?$", ["id"]),
]


def write_build(dist: Path, *, about: str = ABOUT) -> None:
    """dist/site and dist/routes.json."""
    site = dist / "site"
    files = {
        "index.html": "<title>Home</title>",
        "about.html": about,
        "articles/first-light.html": "<title>First light</title>",
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
