"""Files that tell people and programs what to do say what is so."""

import ast
import json
import re
import subprocess

from config.env import ROOT

BACKEND = ROOT / "backend"


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
    names = ["PORT", "DJANGO_PORT"]
    names.append("BUILD_VERSION")  # feature: spa
    of_scripts = {name for name in names if f'"{name}"' in scripts}
    assert len(listed) == len(set(listed))
    assert set(listed) == variables_of_settings() | of_scripts


def test_make_help_lists_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    answer = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.findall(r"^  make (\S+)", answer.stdout, re.MULTILINE) == targets


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
