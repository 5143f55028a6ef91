"""The TypeScript client of the public API, as it is published, in Node against the real server."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.env import ROOT
from tests.house import House

PUBLISHED = ROOT / "frontend" / "dist" / "client"
NODE = Path(sys.executable).parent / "node"
PROGRAM = Path(__file__).parent / "rest_client.mjs"


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "house")
    house.start()
    yield house
    house.stop()


def run(*command: str | Path) -> str:
    done = subprocess.run(
        command,
        env=os.environ | {"LONGHOUSE_BOOTSTRAPPED": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_program_signs_in_reads_creates_changes_and_signs_out(
    own_house: House, tmp_path: Path
) -> None:
    run(ROOT / "scripts" / "api", "--package")
    name = json.loads((PUBLISHED / "package.json").read_text())["name"]
    installed = tmp_path / "node_modules" / name
    installed.parent.mkdir()
    installed.symlink_to(PUBLISHED)
    program = tmp_path / PROGRAM.name
    program.write_text(PROGRAM.read_text())
    who = ("manager@demo.example", "longhouse")
    assert run(NODE, program, name, own_house.url, *who) == "done\n"
