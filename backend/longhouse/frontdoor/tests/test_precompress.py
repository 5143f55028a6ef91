import gzip
import os
from io import StringIO
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django.core.management import CommandError, call_command

TEXT = b"body { color: red }\n" * 100


def precompress(*directories: Path) -> str:
    out = StringIO()
    call_command("precompress", *map(str, directories), stdout=out)
    return out.getvalue()


def test_twins_hold_the_bytes_of_their_file(tmp_path: Path) -> None:
    root = tmp_path / "files"
    (root / "deep").mkdir(parents=True)
    (root / "deep" / "a.css").write_bytes(TEXT)
    (root / "copy.css").write_bytes(TEXT)
    (root / "b.png").write_bytes(TEXT)
    (root / "tiny.js").write_bytes(b"1")
    assert "2 files compressed" in precompress(root)
    for name in ("deep/a.css", "copy.css"):
        assert brotli.decompress((root / f"{name}.br").read_bytes()) == TEXT
        assert gzip.decompress((root / f"{name}.gz").read_bytes()) == TEXT
    names = {path.name for path in root.rglob("*") if path.is_file()}
    assert names == {
        *("a.css", "a.css.br", "a.css.gz", "copy.css", "copy.css.br", "copy.css.gz"),
        *("b.png", "tiny.js"),
    }


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "files" / "a.css"
    path.parent.mkdir()
    path.write_bytes(TEXT)
    precompress(path.parent)
    assert "0 files compressed" in precompress(path.parent)
    path.write_bytes(TEXT[::-1])
    os.utime(path, ns=(0, 0))  # older than its twins, and yet another file
    assert "1 files compressed" in precompress(path.parent)
    assert brotli.decompress(Path(f"{path}.br").read_bytes()) == TEXT[::-1]
    Path(f"{path}.gz").unlink()
    assert "1 files compressed" in precompress(path.parent)


def test_collected_files_are_the_default(product: Path) -> None:
    path = product / "static" / "new.js"
    path.write_bytes(TEXT)
    precompress()
    assert Path(f"{path}.br").exists()


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="collectstatic"):
        precompress(tmp_path / "none")
