"""The lock of Python packages works on every system, whoever wrote it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

from config.env import ROOT

LOCK = ROOT / "backend" / "uv.lock"
LOCKS = [
    LOCK,
    *sorted(ROOT.glob("benchmarks/*/*/uv.lock")),  # feature: benchmarks
]
each_lock = pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.parent.name)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# (sys_platform, platform_machine): what a wheel's platform tag looks like there
PLATFORMS = {
    ("linux", "x86_64"): r"(manylinux|linux).*_x86_64",
    ("linux", "aarch64"): r"(manylinux|linux).*_aarch64",
    ("darwin", "arm64"): r"macosx.*_(arm64|universal2)",
    ("darwin", "x86_64"): r"macosx.*_(x86_64|universal2|intel)",
    ("win32", "AMD64"): r"win_amd64",
}


@pytest.fixture(scope="module")
def lock() -> dict[str, Any]:
    return tomllib.loads(LOCK.read_text())


@each_lock
def test_it_names_only_the_public_index(path: Path) -> None:
    hosts = set(re.findall(r"\w+://([^/\"]+)", path.read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@each_lock
def test_every_package_is_pinned_by_hash(path: Path) -> None:
    files = [
        file
        for package in tomllib.loads(path.read_text())["package"]
        for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
    ]
    assert files
    assert all(file["hash"].startswith("sha256:") for file in files)


def environment_of(python: str, platform: tuple[str, str]) -> dict[str, str]:
    system, machine = platform
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": system,
        "platform_machine": machine,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "os_name": "nt" if system == "win32" else "posix",
    }


def needed(lock: dict[str, Any], environment: dict[str, str]) -> list[dict[str, Any]]:
    """Packages that the project, development tools included, installs there."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for package in lock["package"]:
        by_name.setdefault(package["name"], []).append(package)

    def applies(markers: str | list[str] | None) -> bool:
        alternatives = [markers] if isinstance(markers, str) else markers
        return not alternatives or any(Marker(text).evaluate(environment) for text in alternatives)

    found: dict[tuple[str, str], dict[str, Any]] = {}
    (project,) = [item for item in lock["package"] if item["source"] == {"virtual": "."}]
    queue = [(project, list(project.get("dev-dependencies", {})))]
    while queue:
        package, groups = queue.pop()
        if (package["name"], package["version"]) in found:
            continue
        found[package["name"], package["version"]] = package
        edges = [*package.get("dependencies", [])]
        for extra in package.get("optional-dependencies", {}).values():
            edges += extra
        for group in groups:
            edges += package["dev-dependencies"][group]
        for edge in edges:
            if applies(edge.get("marker")):
                queue += [
                    (candidate, [])
                    for candidate in by_name[edge["name"]]
                    if edge.get("version", candidate["version"]) == candidate["version"]
                    and applies(candidate.get("resolution-markers"))
                ]
    return [package for package in found.values() if package is not project]


def has_wheel(package: dict[str, Any], python: str, platform_tag: str) -> bool:
    minor = int(python.partition(".")[2])
    for wheel in package.get("wheels", []):
        *_, tags = parse_wheel_filename(wheel["url"].rpartition("/")[2])
        for tag in tags:
            interpreter, version = re.fullmatch(r"([a-z]+)(\d*)", tag.interpreter).groups()  # type: ignore[union-attr]
            newer = version.startswith("3") and version != "3" and int(version[1:]) > minor
            right_python = (
                (interpreter == "py" and not newer)
                or (interpreter == "cp" and tag.abi == "abi3" and not newer)
                or tag.interpreter == f"cp3{minor}"
            )
            if right_python and (tag.platform == "any" or re.fullmatch(platform_tag, tag.platform)):
                return True
    return False


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS, ids="-".join)
def test_nothing_has_to_be_compiled(
    lock: dict[str, Any], python: str, platform: tuple[str, str]
) -> None:
    """Every package has a wheel for every supported Python on every system."""
    packages = needed(lock, environment_of(python, platform))
    assert {"django", "granian", "ruff"} <= {item["name"] for item in packages}
    without = [
        f"{package['name']} {package['version']}"
        for package in packages
        if not has_wheel(package, python, PLATFORMS[platform])
    ]
    assert not without


def test_the_lock_has_an_answer_for_every_supported_python(lock: dict[str, Any]) -> None:
    assert lock["requires-python"] == ">=3.11"
    forks = [Marker(text) for text in lock.get("resolution-markers", [])]
    for python in PYTHONS:
        environment = environment_of(python, ("linux", "x86_64"))
        assert not forks or any(fork.evaluate(environment) for fork in forks), python
