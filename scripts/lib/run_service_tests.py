"""The backend tests on a real PostgreSQL: ours for the length of the run, or DATABASE_URL."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import brokers  # feature: jobs
import browser  # feature: frontend
import run_tests
from project import BACKEND, PYTHON, run, stop_on_sigterm

ADVICE = (
    "No PostgreSQL server found. Install one (Debian: apt install postgresql; macOS: brew install "
    "postgresql@17), or point DATABASE_URL at a server whose user may create databases."
)
PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)

# The data lives as long as the run.
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


def programs() -> Path | None:
    """The folder of the newest installed PostgreSQL server."""
    found = [folder for place in PLACES for folder in Path("/").glob(place)]
    found += [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    servers = [folder for folder in found if (folder / "initdb").exists()]
    return max(servers, key=version, default=None)


def version(folder: Path) -> int:
    """Major version: `postgres --version` says "postgres (PostgreSQL) 15.14 (Debian ...)"."""
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    match = re.search(r"\) (\d+)", answer)
    return int(match[1]) if match else 0


def install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing PostgreSQL for the tests.", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "postgresql"]):
            subprocess.run(["apt-get", *command], env=environment, capture_output=True, check=False)


@contextlib.contextmanager
def server(bin_folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL in a temporary folder; yields its DATABASE_URL.

    With `durable` a commit is on the disk when it returns, as in production.
    """
    # PostgreSQL refuses to run as root; its package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="longhouse-postgres-"))
    if user:
        shutil.chown(folder, user, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    subprocess.run(
        [
            *(
                bin_folder / "initdb",
                "--pgdata",
                data,
                "--username",
                "longhouse",
                "--auth",
                "trust",
            ),
            *("--encoding", "UTF8", "--no-locale", "--no-sync"),
        ],
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [
            *(bin_folder / "postgres", "-D", data, "-p", str(port), "-k", folder),
            *("-c", "listen_addresses=127.0.0.1"),
            *(() if durable else QUICK),
        ],
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until_ready(process, port, folder / "log")
        yield f"postgres://longhouse@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGINT)  # "fast" shutdown: sessions are ended
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(
                host="127.0.0.1", port=port, user="longhouse", dbname="postgres", connect_timeout=5
            ).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}") from error
            time.sleep(0.1)
        else:
            return


def pytest(url: str) -> int:
    environment = run_tests.test_environment() | {"DATABASE_URL": url}
    # These do not depend on the database.
    elsewhere = ["tests/toolchain"]
    elsewhere += ["tests/journeys", "longhouse/frontdoor"]  # feature: spa
    elsewhere += ["apps/wiki/tests/journeys"]  # feature: wiki
    elsewhere += ["longhouse/context"]  # feature: context
    elsewhere += ["longhouse/mail"]  # feature: mail
    elsewhere += ["tests/template"]  # feature: template
    options = [f"--ignore={path}" for path in elsewhere]
    options += browser.pytest_options(environment)  # feature: frontend
    options += run_tests.TWO_AT_ONCE
    run_tests.build_when_stale()
    command = [PYTHON, "-m", "pytest", *(sys.argv[1:] or options)]
    return run(command, cwd=BACKEND, environment=environment)


def main() -> int:
    stop_on_sigterm()  # the server is stopped and its folder removed
    bin_folder = programs()
    if not bin_folder and os.environ.get("DATABASE_URL"):
        return pytest(os.environ["DATABASE_URL"])
    if not bin_folder:
        install()
        bin_folder = programs()
    if not bin_folder:
        raise SystemExit(ADVICE)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(server(bin_folder))
        os.environ.update(stack.enter_context(brokers.brokers()))  # feature: jobs
        print(f"Testing on PostgreSQL {version(bin_folder)} ({bin_folder})", flush=True)
        return pytest(url)


if __name__ == "__main__":
    sys.exit(main())
