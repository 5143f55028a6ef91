"""Collected static files, as collectstatic and precompress leave them."""

import gzip
import json
from pathlib import Path

import brotli  # type: ignore[import-untyped]

CSS = b"a { color: red }\n" * 50
LARGE = b"0123456789abcdef" * 100_000  # 1.6 MB


def write_static(root: Path) -> None:
    write_with_twins(root / "admin" / "base.css", CSS)
    write_with_twins(root / "admin" / "base.0123456789ab.css", CSS)
    (root / "film.mp4").write_bytes(LARGE)
    manifest = {"paths": {"admin/base.css": "admin/base.0123456789ab.css"}, "version": "1.1"}
    (root / "staticfiles.json").write_text(json.dumps(manifest))


def write_with_twins(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    Path(f"{path}.br").write_bytes(brotli.compress(data))
    Path(f"{path}.gz").write_bytes(gzip.compress(data, mtime=0))
