"""Fetch pip for a Python that came without it (Debian splits pip and venv off python3).

Prints the path of the wheel, which Python runs as it is: `python3 pip-X.whl/pip install ...`.
Only the standard library, and any Python 3.8 or newer.
"""

from __future__ import annotations

import hashlib
import html.parser
import os
import pathlib
import sys
import urllib.parse
import urllib.request

WHEEL = "pip-26.0-py3-none-any.whl"
SHA256 = "98436feffb9e31bc9339cf369fd55d3331b1580b6a6f1173bacacddcf9c34754"
INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"


class Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.urls.append(urllib.parse.urljoin(INDEX, dict(attrs).get("href") or ""))


def fetch(url: str) -> bytes:
    if not url.startswith("https://") and "PIP_INDEX_URL" not in os.environ:
        raise SystemExit(f"Refusing to fetch {url}: not https.")
    with urllib.request.urlopen(url, timeout=60) as response:  # noqa: S310 - checked above
        content: bytes = response.read()
    return content


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    links = Links()
    links.feed(fetch(INDEX).decode())
    found = [url for url in links.urls if urllib.parse.urlparse(url).path.endswith("/" + WHEEL)]
    if not found:
        raise SystemExit(f"{INDEX} does not list {WHEEL}.")
    content = fetch(found[0])
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise SystemExit(f"{found[0]} is not the file that was expected: its SHA-256 differs.")
    wheel = folder / WHEEL
    wheel.write_bytes(content)
    print(wheel)


if __name__ == "__main__":
    main()
