"""Stamps out variants of this project and proves each as a user would: commands, server, tests."""

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

from features import gate, marks
from features.tree import MANIFEST, text_of
from manifest import Manifest
from project import BOOTSTRAPPED, ROOT, free_port, git
from run_tests import TWO_AT_ONCE

# Tests that start servers and kill them, minutes each: `--ci` leaves them out.
LONG = ("test_*crash", "test_processes", "test_streams")
# What an API-only project answers, and everything without a front end.
WITHOUT_PAGES = {"/": (404, ""), "/api/": (404, ""), "/admin/": (302, "/admin/login/")}


class Failed(Exception):
    """A variant that is not what it should be; the message says in what."""


@dataclass
class Variant:
    names: list[str]  # "skeleton", "without-museum", ...: all that come to the same features
    features: frozenset[str]
    seconds: dict[str, float] = field(default_factory=dict)
    files: int = 0
    lines: int = 0
    failure: str = ""

    @property
    def name(self) -> str:
        return self.names[0]


def variants(manifest: Manifest) -> list[Variant]:
    """All, none, every preset, each feature alone, all but each; equal ones once."""
    everything = manifest.stampable
    wanted = [("all", everything), ("none", set[str]())]
    wanted += [
        (name, manifest.with_required(preset.features)) for name, preset in manifest.presets.items()
    ]
    for name in sorted(everything):
        wanted.append((f"only-{name}", manifest.with_required([name])))
        wanted.append((f"without-{name}", everything - {name} - manifest.dependents([name])))
    found: dict[frozenset[str], Variant] = {}
    for name, features in wanted:
        found.setdefault(frozenset(features), Variant([], frozenset(features))).names.append(name)
    return list(found.values())


def prove(variant: Variant, manifest: Manifest, folder: Path, *, tests: list[str] | None) -> None:
    """Raises Failed at the first thing that does not hold. `tests` are options; None runs none."""

    @contextlib.contextmanager
    def stage(name: str) -> Iterator[None]:
        print(f"\n=== {variant.name}: {name}", flush=True)
        began = time.monotonic()
        try:
            yield
        finally:
            variant.seconds[name] = time.monotonic() - began

    with stage("generate"):
        features = ",".join(sorted(variant.features)) or "none"
        # Longer than ours, as most names are; the variant's own name may hold a feature's.
        title = ("--title", "Bright Harbour")
        call(ROOT, "new", str(folder), "--features", features, *title, "--offline")
        look_at(variant, manifest, folder)
    with stage("migrate"):
        call(folder, "bootstrap", "--offline")
    with stage("check"):
        call(folder, "check", "--fast")
    with stage("serve"):
        serve(folder, variant.features)
    if tests is not None:
        with stage("test"):
            call(folder, "test", *tests)
    if changed := git("status", "--porcelain", cwd=folder):
        raise Failed(f"its own commands changed its files:\n{changed}")
    if set(variant.names) & set(manifest.presets):
        with stage("update"):
            update(folder)


def call(root: Path, script: str, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != BOOTSTRAPPED}
    command = [str(root / "scripts" / script), *arguments]
    if subprocess.run(command, cwd=root, env=environment, check=False).returncode:
        raise Failed(f"scripts/{script} {' '.join(arguments)} failed")


def look_at(variant: Variant, manifest: Manifest, folder: Path) -> None:
    """No mark, no list of features, no empty folder, no word of a feature that is not there."""
    files = git("ls-files", cwd=folder).splitlines()
    gone = manifest.stampable - variant.features | (set(manifest.features) - manifest.stampable)
    words = [word for names, said in gate.words(manifest).items() if names <= gone for word in said]
    pattern = re.compile("|".join(words) or "(?!)", re.IGNORECASE)
    found = [f"{MANIFEST} is there"] if (folder / MANIFEST).exists() else []
    variant.files = len(files)
    for path in files:
        text = text_of(folder / path)
        if text is None:
            continue
        variant.lines += text.count("\n")
        for line in marks.read(text):
            if line.marked:
                found.append(f"{path}:{line.number}: a mark is left: {line.raw.strip()[:80]}")
            elif path not in gate.LOCKS and (match := pattern.search(line.raw)):
                found.append(f"{path}:{line.number}: says {match[0]!r}: {line.raw.strip()[:80]}")
        if "\n\n\n\n" in text:
            found.append(f"{path}: three empty lines in a row")
    ignored = set(git("status", "--porcelain", "--ignored", cwd=folder).splitlines())
    for place, folders, names in os.walk(folder):
        relative = Path(place).relative_to(folder)
        folders[:] = [
            name for name in folders if f"!! {relative / name}/" not in ignored | {"!! .git/"}
        ]
        if not folders and not names:
            found.append(f"{relative}/ is empty")
    if found:
        raise Failed("\n".join(found[:40]))


def update(folder: Path) -> None:
    """A newer Longhouse arrives, and what was edited here stays; nothing but that changes."""
    new, readme = Path("docs/new.md"), folder / "README.md"
    readme.write_text(readme.read_text() + "\nOur own words.\n")
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    git(*identity, "commit", "--quiet", "--all", "--message", "Edit", cwd=folder)
    with tempfile.TemporaryDirectory(prefix="newer-") as newer:
        git("clone", "--quiet", str(ROOT), newer)
        (Path(newer) / new).write_text("# New\n")
        git("add", str(new), cwd=Path(newer))
        git(*identity, "commit", "--quiet", "--message", "Newer", cwd=Path(newer))
        call(folder, "update", "--source", newer)
    changed = git("diff", "--name-only", "HEAD~1", cwd=folder).split()
    if changed != [str(new), "longhouse.toml"] or "Our own words." not in readme.read_text():
        raise Failed(f"an update changed more or less than it should: {changed}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def serve(folder: Path, features: Set[str]) -> None:
    """Start the production server, ask it, and stop it as an operator does."""
    port = free_port(18_000)
    environment = {name: value for name, value in os.environ.items() if name != BOOTSTRAPPED}
    environment["PORT"] = str(port)
    log = folder / "var" / "log" / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(folder / "scripts" / "serve")],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + 300
            while answer(port, "/health/ready")[0] != 200:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"the server did not start:\n{log.read_text()[-3000:]}")
                time.sleep(0.2)
            expected = WITHOUT_PAGES
            if "spa" in features:
                expected = {"/": (200, "")}
            elif "wiki" in features:
                expected = {"/": (302, "/wiki/"), "/wiki/": (200, "")}
            for path, (status, location) in expected.items():
                got = answer(port, path)
                if got[0] != status or not got[1].startswith(location):
                    raise Failed(f"GET {path} answered {got}, not {(status, location)}")
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                ended = server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
                ended = server.wait()
    if ended:
        raise Failed(f"the server ended with status {ended}:\n{log.read_text()[-3000:]}")


def answer(port: int, path: str) -> tuple[int, str]:
    """Status and Location; status 0 when nobody answers."""
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(f"http://localhost:{port}{path}", timeout=30) as reply:
            return reply.status, reply.headers.get("Location", "")
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", "")
    except OSError:
        return 0, ""


def report(done: list[Variant]) -> None:
    stages = list(dict.fromkeys(stage for variant in done for stage in variant.seconds))
    print(f"\n{'variant':<36}{'files':>7}{'lines':>8}" + "".join(f"{s:>10}" for s in stages))
    for variant in done:
        times = "".join(f"{variant.seconds.get(stage, 0):>8.0f} s" for stage in stages)
        name = " = ".join(variant.names)
        print(f"{name[:35]:<36}{variant.files:>7}{variant.lines:>8,}{times}", end="")
        print(f"  FAILED: {variant.failure.splitlines()[0]}" if variant.failure else "  ok")
    failed = sum(1 for variant in done if variant.failure)
    print(f"\n{len(done) - failed} of {len(done)} variants hold.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/test-features", description=__doc__)
    parser.add_argument("variant", nargs="*", help="names; default: every variant")
    parser.add_argument("--list", action="store_true", help="name the variants, do nothing")
    parser.add_argument(
        "--ci",
        action="store_true",
        help="presets, all and none; without the tests that take longest and ran on the whole",
    )
    parser.add_argument("--fast", action="store_true", help="leave out each variant's tests")
    parser.add_argument("--keep", type=Path, help="a folder in which the variants stay")
    arguments = parser.parse_args()
    manifest = Manifest.read(ROOT)
    chosen = variants(manifest)
    if arguments.list:
        for variant in chosen:
            print(f"{' = '.join(variant.names)}: {', '.join(sorted(variant.features)) or '-'}")
        return 0
    if git("status", "--porcelain"):
        raise SystemExit("Commit first: variants are made from the last commit.")
    wanted = set(arguments.variant)
    if arguments.ci:
        wanted |= {"all", "none", *manifest.presets}
    if unknown := wanted - {name for variant in chosen for name in variant.names}:
        raise SystemExit(f"There is no variant {', '.join(sorted(unknown))}: see --list.")
    if wanted:
        chosen = [variant for variant in chosen if wanted & set(variant.names)]
    base = arguments.keep or Path(tempfile.mkdtemp(prefix="variants-"))
    base.mkdir(parents=True, exist_ok=True)
    try:
        for variant in chosen:
            folder = base / variant.name
            try:
                tests: list[str] | None = []
                if arguments.fast or (arguments.ci and variant.features == manifest.stampable):
                    tests = None
                elif arguments.ci:
                    tests = [f"--ignore-glob=*/{name}.py" for name in LONG]
                    if "frontend" in variant.features:
                        tests += ["-m", "not browser", "apps"]
                    tests += TWO_AT_ONCE
                prove(variant, manifest, folder, tests=tests)
            except Failed as failure:
                variant.failure = str(failure)
                print(f"\n*** {variant.name}: {failure}", flush=True)
            if not arguments.keep:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        if not arguments.keep:
            shutil.rmtree(base, ignore_errors=True)
    report(chosen)
    return 1 if any(variant.failure for variant in chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
