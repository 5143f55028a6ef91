"""`manage.py context` on copies of this project, each in a process of its own."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import fastjsonschema
import pytest

from longhouse.context.collectors import COLLECTORS
from longhouse.context.tests.conftest import ROOT, Copy

PLAIN_SETTINGS = """\
import os

SECRET_KEY = os.environ["PLAIN_KEY"]
ROOT_URLCONF = "plain.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "longhouse.context"]
"""


@pytest.mark.parametrize("name", COLLECTORS)
def test_each_file_fits_its_schema_and_is_explained(described: dict[str, bytes], name: str) -> None:
    document = json.loads(described[f"{name}.json"])
    fastjsonschema.compile(json.loads(described[document["$schema"]]))(document)
    assert f"({name}.json) | {document['question']} |" in described["README.md"].decode()


def test_a_schema_refuses_what_it_does_not_know(described: dict[str, bytes]) -> None:
    fits = fastjsonschema.compile(json.loads(described["schema/models.json"]))
    document = json.loads(described["models.json"])
    document["models"][0]["fields"][0]["nul"] = True
    with pytest.raises(fastjsonschema.JsonSchemaException):
        fits(document)


def test_the_same_project_is_described_by_the_same_bytes_everywhere(
    copy: Copy, described: dict[str, bytes], tmp_path: Path
) -> None:
    done = copy.context("--check", {"PYTHONHASHSEED": "4711"}, cwd=Path("/"))
    assert done.returncode == 0, done.stdout
    production = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DJANGO_SECRET_KEY": "x" * 50,
        "DJANGO_ALLOWED_HOSTS": "example.org",
        "CSRF_TRUSTED_ORIGINS": "https://example.org",
        "CORS_ALLOWED_ORIGINS": "https://app.example.org",  # feature: rest
        # Nobody answers there, and nobody is asked.
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "PYTHONHASHSEED": "1",
        "LC_ALL": "C",
        "TZ": "Asia/Tokyo",
    }
    done = copy.context("--check", production, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    texts = b"".join(described.values()).decode()
    assert str(ROOT) not in texts
    assert "/house" not in texts  # the folder it was made in
    assert sys.prefix not in texts
    assert not re.search(r"0x[0-9a-f]{6}", texts)


def hidden(example: str, folder: Path) -> str:
    """A value of the same kind as the example's, to be recognised wherever it appears."""
    if example.isdecimal():
        return "48151"
    if re.fullmatch(r"\d+/[smhd]", example):
        return "48151/m"
    if "://" in example:
        scheme = example.partition("://")[0]
        return f"{scheme}://hidden-user:hidden-password@hidden-host.example:48151/hidden-path"
    if example in {"true", "false"} or example.isupper() or re.fullmatch(r"[A-Z]\w+/\w+", example):
        return example  # one of few words: nothing to hide
    return str(folder / "hidden-folder") if example.startswith("/") else "hidden-value"


@pytest.mark.parametrize(("module", "left_out"), [("dev", ""), ("production", "DATABASE_URL")])
def test_no_value_of_any_variable_is_ever_written(
    copy: Copy, described: dict[str, bytes], tmp_path: Path, module: str, left_out: str
) -> None:
    example = (ROOT / ".env.example").read_text()
    variables = {
        name: hidden(value.partition("  #")[0].strip(), tmp_path)
        for name, value in re.findall(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", example, re.MULTILINE)
        if name != left_out
    }
    assert "hidden-password" in variables["CACHE_URL"]
    settings = {"DJANGO_SETTINGS_MODULE": f"config.settings.{module}"}
    # Once from the file, once from the environment.
    (copy.root / ".env").write_text("".join(f"{n}={value}\n" for n, value in variables.items()))
    for environment in (settings, settings | variables):
        done = copy.context("--write", environment)
        assert done.returncode == 0, done.stderr
        assert copy.files() == described
        assert "hidden-" not in done.stdout + done.stderr
    texts = b"".join(described.values()).decode()
    assert "hidden-" not in texts
    assert "48151" not in texts


def test_a_changed_model_is_told_with_the_difference_and_the_fix(
    copy: Copy, described: dict[str, bytes]
) -> None:
    copy.edit("apps/users/models.py", "CharField(max_length=80)", "CharField(max_length=81)")
    done = copy.context("--check")
    assert done.returncode == 1
    assert '-        {"name": "display_name", "type": "CharField", "max_length": 80}' in done.stdout
    assert '+        {"name": "display_name", "type": "CharField", "max_length": 81}' in done.stdout
    assert "make context" in done.stderr
    assert re.findall(r"^  (context/\S+)", done.stderr, re.MULTILINE) == ["context/models.json"]
    assert copy.files() == described
    assert "Wrote context/models.json" in copy.context("--write").stdout
    assert b'"max_length": 81' in copy.files()["models.json"]


def test_an_invariant_whose_test_is_gone_stops_everything(
    copy: Copy, described: dict[str, bytes]
) -> None:
    entry = tomllib.loads((copy.backend / "invariants.toml").read_text())["invariant"][0]
    path, _, name = entry["test"].partition("::")
    copy.edit(path, f"def {name}(", f"def {name}_no_more(")
    for option in ("--check", "--write"):
        done = copy.context(option)
        assert done.returncode == 1
        assert f'no test enforces "{entry["text"]}"' in done.stderr
        assert entry["test"] in done.stderr
    assert copy.files() == described


def test_nothing_of_ours_has_to_be_there(tmp_path: Path) -> None:
    """A project of one settings file, without our apps, scripts, documents and libraries."""
    site = tmp_path / "site"
    (site / "plain").mkdir(parents=True)
    (site / "plain" / "__init__.py").touch()
    (site / "plain" / "urls.py").write_text("urlpatterns = []\n")
    (site / "plain" / "settings.py").write_text(PLAIN_SETTINGS)
    program = (
        "import sys, django\n"
        "from django.core.management import call_command\n"
        "django.setup()\n"
        'call_command("context", "--write")\n'
        'assert "pydantic" not in sys.modules\n'
        'assert "ninja" not in sys.modules\n'  # feature: spa
        'assert "rest_framework" not in sys.modules\n'  # feature: rest
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "plain.settings",
        "PLAIN_KEY": "hidden",
        "PYTHONPATH": f"{site}{os.pathsep}{ROOT / 'backend'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    settings = json.loads((site / "context" / "settings.json").read_text())["settings"]
    assert settings[-1] == {
        "name": "SECRET_KEY",
        "set_in": [{"module": "plain.settings", "env": ["PLAIN_KEY"]}],
        "required_in": ["plain.settings"],
    }
    variables = json.loads((site / "context" / "env.json").read_text())["variables"]
    assert variables == [
        {
            "name": "PLAIN_KEY",
            "required_in": ["plain.settings"],
            "settings": ["SECRET_KEY"],
            "read_by": ["plain/settings.py"],
        }
    ]
