"""Taking features out of the real tree, and what the gate says of a broken one."""

import ast
import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from features.gate import findings
from features.marks import names_in
from features.names import Names, rename
from features.tree import is_in, owned_paths, remove, text_of
from list_features import cost
from manifest import FeatureError, Manifest

from config.env import ROOT

MANIFEST = Manifest.read(ROOT)
F = "feature"  # so that this file itself carries no mark


def listed() -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for path in answer.split("\0") if path and (ROOT / path).exists()]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in listed():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path, follow_symlinks=False)
    return tmp_path


@pytest.mark.parametrize("name", MANIFEST.features)
def test_a_feature_leaves_a_tree_that_can_be_read(copy, name):
    gone = {name} | MANIFEST.dependents([name])
    files = listed()
    remove(copy, files, gone)
    owned = owned_paths(MANIFEST, gone)
    left = [path for path in files if (copy / path).exists()]
    assert not [path for path in left if is_in(path, owned)]
    for path in left:
        text = (copy / path).read_text() if path.endswith((".py", ".toml", ".lock")) else ""
        if path.endswith(".py"):
            ast.parse(text, path)
        elif text:
            tomllib.loads(text)
        elif path.endswith(".json") and "devcontainer" not in path and "tsconfig" not in path:
            json.loads((copy / path).read_text())
    assert not [path for path in copy.rglob("*") if path.is_dir() and not any(path.iterdir())]
    if (copy / "features.toml").exists():
        others = Manifest.read(copy).features.values()
        assert not [path for other in others for path in other.owns if not (copy / path).exists()]


@pytest.mark.parametrize("preset", MANIFEST.presets)
def test_a_preset_leaves_no_mark_and_keeps_its_locks_whole(copy, preset):
    keep = MANIFEST.with_required(MANIFEST.presets[preset].features)
    remove(copy, listed(), set(MANIFEST.features) - keep, strip=True)
    with pytest.raises(FeatureError):
        Manifest.read(copy)
    texts = {path: text_of(copy / path) for path in listed()}
    marked = [path for path, text in texts.items() if text and names_in(text)]
    assert marked == []
    lock = tomllib.loads((copy / "backend/uv.lock").read_text())
    wanted = {package for name in keep for package in MANIFEST.features[name].python}
    assert wanted | {"django"} <= {package["name"] for package in lock["package"]}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A tree with one feature, as it should be."""
    (tmp_path / "features.toml").write_text(
        '[feature.wiki]\ngives = "Pages"\nowns = ["wiki/"]\nwords = ["wiki"]\n'
        'python = ["django-wikis", "both"]\n'
        '[feature.other]\ngives = ""\nowns = ["other.py"]\npython = ["both"]\n'
    )
    (tmp_path / "other.py").write_text("")
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki/pages.py").write_text("wiki = 1\n")
    (tmp_path / "shared.py").write_text(f"import wiki  # {F}: wiki\n")
    return tmp_path


FILES = ["features.toml", "other.py", "shared.py", "wiki/pages.py"]


def test_the_gate_has_nothing_to_say_of_a_good_tree(small):
    assert findings(small, FILES) == []


@pytest.mark.parametrize(
    ("file", "text", "finding"),
    [
        ("shared.py", f"# {F}: wiki\nx\n", "shared.py:1: the block of wiki does not end"),
        ("shared.py", f"x  # {F}: wikki\n", "shared.py: a mark names wikki"),
        ("shared.py", "import wiki\n", "shared.py:1: speaks of wiki without a mark"),
        ("shared.py", f"X = 1  # {F}: wiki  # noqa: E501\n", "shared.py:1: looks like a mark"),
        ("shared.py", f"X = 1  # {F.title()}: wiki\n", "shared.py:1: looks like a mark"),
        ("shared.py", f"X = 1  # {F}: wiki, other\n", "shared.py:1: looks like a mark"),
        ("shared.py", f"X = 1  # {F}: wiki # {F}: other\n", "shared.py:1: looks like a mark"),
        ("shared.py", "# without wiki X = 1\n", "shared.py:1: looks like a mark"),
        ("shared.py", "import django_wikis\n", "shared.py:1: speaks of wiki without a mark"),
        ("shared.py", "both\n", "shared.py:1: speaks of other|wiki without a mark"),
        (
            "features.toml",
            '[feature.wiki]\ngives = ""\nowns = ["wiki/", "gone.py"]\n',
            "wiki owns gone.py, which git does not know",
        ),
        (
            "features.toml",
            '[feature.wiki]\ngives = ""\nowns = ["wiki/", "wiki/pages.py"]\n',
            "wiki owns wiki/pages.py twice",
        ),
    ],
)
def test_the_gate_names_what_is_wrong(small, file, text, finding):
    (small / file).write_text(text)
    assert finding in "\n".join(findings(small, FILES))


@pytest.mark.parametrize(
    "text",
    [
        f"both  # {F}: other|wiki\n",
        "# A room without wiki pages\n",
        f"# {F}: nothing of this name\n",
        f"# {F.title()}: the best of all\n",
    ],
)
def test_the_gate_leaves_prose_alone(small, text):
    (small / "shared.py").write_text(text)
    assert [line for line in findings(small, FILES) if "looks like" in line] == []


def test_a_broken_mark_stops_before_anything_is_deleted(small):
    (small / "shared.py").write_text(f"# {F}: wiki\n")
    with pytest.raises(FeatureError, match=r"shared\.py:1"):
        remove(small, FILES, {"wiki"})
    assert (small / "wiki/pages.py").exists()


def test_unknown_features_are_named_with_what_could_be_meant():
    with pytest.raises(FeatureError, match="no feature nonsense") as refusal:
        MANIFEST.with_required(["nonsense"])
    assert all(name in str(refusal.value) for name in MANIFEST.stampable)
    assert "template" not in str(refusal.value)


@pytest.mark.parametrize("text", ["[feature.wiki\n", "", '[feature.wiki]\ngives = "Pages"\n'])
def test_a_manifest_that_makes_no_sense_is_named(tmp_path, text):
    (tmp_path / "features.toml").write_text(text)
    with pytest.raises(FeatureError, match=r"features\.toml cannot be understood"):
        Manifest.read(tmp_path)


def test_a_preset_goes_with_its_first_feature_and_loses_the_others(small):
    with (small / "features.toml").open("a") as file:
        for name, features in (("pages", '"wiki", "other"'), ("rest", '"other",\n"wiki"')):
            file.write(f'\n[preset.{name}]\ngives = ""\nfeatures = [{features}]\n')
    (small / "backend").mkdir()
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / "backend" / name, small / "backend")
    remove(small, FILES, {"wiki"})
    presets = Manifest.read(small).presets
    assert {name: preset.features for name, preset in presets.items()} == {"rest": ("other",)}


def test_what_goes_with_a_feature_is_counted():
    name = max(MANIFEST.features, key=lambda name: len(MANIFEST.dependents([name])))
    gone = {name} | MANIFEST.dependents([name])
    texts = {place: "1\n2\n" for entry in gone for place in MANIFEST.features[entry].owns}
    shared = {"README.md": f"1\n2 <!-- {F}: {name} -->\n"}
    files, lines, packages = cost(MANIFEST, MANIFEST.features[name], texts | shared)
    assert (files, lines) == (len(texts), 2 * len(texts) + 1)
    if "frontend/" in texts:
        asked = json.loads((ROOT / "frontend/package.json").read_text())["devDependencies"]
        assert packages > len(asked)


@pytest.mark.parametrize(
    "title", ["", "<b>", "a'b", " x", "x" * 51, "a\nb", 'say "x"', "3d", "日本"]
)
def test_a_name_that_would_break_files_is_refused_with_the_way_out(title):
    with pytest.raises(FeatureError, match=r"cannot (be|name).*begin with a letter.*title="):
        Names.of(title)


@pytest.mark.parametrize("title", ["Django", "Ruff"])
def test_a_package_s_name_is_no_project_s(copy, title):
    with pytest.raises(FeatureError, match=r"is a package that the project needs.*title="):
        rename(copy, ["README.md"], Names.of(title))
    assert (copy / "README.md").read_text() == (ROOT / "README.md").read_text()


def test_a_name_gives_its_slug():
    assert Names.of("My Site 2").slug == "my-site-2"
