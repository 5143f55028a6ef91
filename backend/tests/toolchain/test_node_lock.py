"""The lock of Node packages works on every system, whoever wrote it."""

import json
from typing import Any

import pytest

from config.env import ROOT

LOCKS = [
    ROOT / "frontend" / "package-lock.json",
    *sorted(ROOT.glob("benchmarks/*/*/package-lock.json")),  # feature: benchmarks
]
REGISTRY = "https://registry.npmjs.org/"


@pytest.fixture(scope="module", params=LOCKS, ids=lambda path: path.parent.name)
def packages(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(request.param.read_text())["packages"]
    return {path: entry for path, entry in found.items() if path}


def test_it_names_no_host_but_the_public_registry(packages: dict[str, dict[str, Any]]) -> None:
    addresses = {entry.get("resolved", REGISTRY) for entry in packages.values()}
    assert not [address for address in addresses if not address.startswith(REGISTRY)]


def test_every_package_is_pinned_by_hash(packages: dict[str, dict[str, Any]]) -> None:
    assert packages
    assert not [path for path, entry in packages.items() if "integrity" not in entry]


def test_it_has_the_binaries_of_every_platform(packages: dict[str, dict[str, Any]]) -> None:
    """npm leaves out platforms whose package was not published yet; `npm ci` refuses there."""
    locked = {path.rpartition("node_modules/")[2] for path in packages}
    missing = {
        name
        for entry in packages.values()
        for name in entry.get("optionalDependencies", {})
        if name not in locked
    }
    assert not missing
