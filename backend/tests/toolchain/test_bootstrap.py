"""scripts/bootstrap makes a checkout ready, once, and says what went wrong."""

import contextlib
import re
import stat
import subprocess
from pathlib import Path

from config.env import ROOT


def bootstrap(root: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [root / "scripts/bootstrap", *options],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_bootstrap_writes_env_once_with_a_fresh_secret(checkout: Path) -> None:
    first = bootstrap(checkout, "--tools", "--offline")
    assert first.returncode == 0, first.stderr
    file = checkout / ".env"
    written = file.read_text()
    example = (ROOT / ".env.example").read_text()
    names = re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)
    assert "DJANGO_SECRET_KEY" in names
    for name in names:
        secret = re.search(rf"^{name}=([\w-]{{50,}})$", written, re.MULTILINE)
        assert secret
        written = written.replace(secret[1], "", 1)
    assert written == example
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    file.write_text("DJANGO_SECRET_KEY=mine\n")
    second = bootstrap(checkout, "--tools", "--offline")
    assert second.returncode == 0, second.stderr
    assert file.read_text() == "DJANGO_SECRET_KEY=mine\n"
    assert "Write .env" not in second.stdout


def test_bootstraps_at_the_same_time_do_not_disturb_each_other(checkout: Path) -> None:
    commands = [[str(checkout / "scripts/bootstrap"), "--tools", "--offline"]] * 3
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            )
            for command in commands
        ]
        outputs = [process.communicate(timeout=60)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], outputs
    assert sum("Write .env" in output for output in outputs) == 1
    assert not list(checkout.glob(".env.[0-9]*"))


def test_bootstrap_says_what_failed_and_what_to_do(checkout: Path) -> None:
    (checkout / ".env.example").unlink()
    answer = bootstrap(checkout, "--tools", "--offline")
    assert answer.returncode == 1
    assert "Write .env with fresh secrets" in answer.stderr
    assert ".env.example" in answer.stderr  # the reason, from the step's log
    assert "Check that" in answer.stderr
    assert not list(checkout.glob(".env*"))


def test_bootstrap_refuses_an_unknown_option(checkout: Path) -> None:
    answer = bootstrap(checkout, "--of-line")
    assert answer.returncode == 2
    assert "--of-line" in answer.stderr
