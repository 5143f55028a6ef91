"""make check notices an API that its generated client does not know."""

import os
import shutil
import subprocess
from pathlib import Path

from config.env import ROOT

BACKEND = ROOT / "backend"
FRONTEND = ROOT / "frontend"


def test_a_changed_schema_without_make_api_is_noticed_and_make_api_mends_it(checkout: Path) -> None:
    for name in ("apps", "config", "longhouse"):
        shutil.copytree(BACKEND / name, checkout / "backend" / name)
    shutil.copy(BACKEND / "manage.py", checkout / "backend")
    generated = ["api", "src/lib/api/generated"]
    generated.append("src/lib/accounts/generated")  # feature: accounts
    generated.append("src/lib/rest/generated")  # feature: rest
    for name in generated:
        shutil.copytree(FRONTEND / name, checkout / "frontend" / name)
    for path in (*FRONTEND.glob("*.ts"), FRONTEND / "tsconfig.json"):
        shutil.copy(path, checkout / "frontend")

    def api(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [checkout / "scripts/api", *arguments],
            env=os.environ | {"LONGHOUSE_BOOTSTRAPPED": "1", "DJANGO_SECRET_KEY": "k" * 50},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    same = api("--check")
    assert same.returncode == 0, same.stdout + same.stderr
    source = checkout / "backend/apps/api/api.py"
    source.write_text(source.read_text().replace("title=", "title='Changed' + ", 1))
    changed = api("--check")
    assert changed.returncode != 0
    assert "make api" in changed.stderr
    assert "frontend/api/openapi.json" in changed.stderr
    # As in a project that takes the front end in later, which has nothing generated yet.
    for name in generated:
        shutil.rmtree(checkout / "frontend" / name)
    mended = api()
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert api("--check").returncode == 0
