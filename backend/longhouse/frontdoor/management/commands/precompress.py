"""Write .br and .gz twins beside files that compress, for the front door to serve."""

import gzip
import hashlib
import os
from argparse import ArgumentParser
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
from django.core.management.base import BaseCommand, CommandError

from longhouse.frontdoor import conf

# fmt: off
SUFFIXES = frozenset([
    ".css", ".csv", ".geojson", ".html", ".ico", ".js", ".json", ".map", ".md", ".mjs", ".svg",
    ".txt", ".wasm", ".webmanifest", ".xml",
])
# fmt: on
SMALLEST = 200  # bytes; below it the headers weigh more than what is saved


class Command(BaseCommand):
    help = (
        "Write .br and .gz twins beside compressible files that lack a current one "
        "(default: STATIC_ROOT). Run it after collectstatic."
    )

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directories", nargs="*", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        directories = options["directories"]
        if not directories:
            static_root = conf.load().static_root
            if static_root is None:
                raise CommandError("Name a directory: STATIC_ROOT is not set.")
            directories = [static_root]
        for directory in directories:
            if not directory.is_dir():
                raise CommandError(f"{directory} is not a directory. Run collectstatic first.")
            files = [path for path in directory.rglob("*") if _lacks_twins(path)]
            # collectstatic leaves a plain and a hashed copy of most files: compress once.
            copies: dict[bytes, list[Path]] = defaultdict(list)
            for path in files:
                copies[hashlib.sha256(path.read_bytes()).digest()].append(path)
            # Both libraries let go of the interpreter while they compress.
            with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
                list(threads.map(_write_twins, copies.values()))
            if options["verbosity"] > 0:
                self.stdout.write(f"{directory}: {len(files)} files compressed")


def _lacks_twins(path: Path) -> bool:
    if path.suffix not in SUFFIXES or not path.is_file():
        return False
    found = path.stat()
    if found.st_size < SMALLEST:
        return False
    for suffix in (".br", ".gz"):
        try:
            twin = Path(f"{path}{suffix}").stat()
        except FileNotFoundError:
            return True
        # A twin carries the time of its file, so that any change shows, even an older copy.
        if twin.st_mtime_ns != found.st_mtime_ns:
            return True
    return False


def _write_twins(paths: list[Path]) -> None:
    data = paths[0].read_bytes()
    # Quality 11 takes ten times as long for a tenth less.
    twins = {".br": brotli.compress(data, quality=9), ".gz": gzip.compress(data, 9, mtime=0)}
    for path in paths:
        times = path.stat()
        for suffix, compressed in twins.items():
            fresh = Path(f"{path}{suffix}.new")
            fresh.write_bytes(compressed)
            os.utime(fresh, ns=(times.st_atime_ns, times.st_mtime_ns))
            fresh.replace(f"{path}{suffix}")
