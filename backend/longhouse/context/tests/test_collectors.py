"""What single collectors make of code that this project happens not to have."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q, TextChoices
from django.db.models.functions import Lower
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_http_methods
from django.views.generic import RedirectView, TemplateView

from longhouse.context import files, overview, project
from longhouse.context.collectors import env, invariants, schemas, settings, signals, suite, urls
from longhouse.context.collectors.commands import first_sentence
from longhouse.context.collectors.models import in_words
from longhouse.context.project import Project
from longhouse.context.shape import dumps, json_schema, to_json


@pytest.fixture
def elsewhere(tmp_path: Path) -> Project:
    """The running project, with its files in an empty folder."""
    return replace(project.load(), root=tmp_path, source=tmp_path)


def write(folder: Path, **sources: str) -> None:
    for name, text in sources.items():
        file = folder / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


# Settings and environment ------------------------------------------------------------------


def test_variables_are_followed_through_names_functions_and_modules(elsewhere: Project) -> None:
    write(
        elsewhere.source / "config",
        helpers=(
            "def url():\n    return _parts() or env.str('A')\n"
            "def _parts():\n    return os.getenv('B')\n"
        ),
        settings__base=(
            "from config.helpers import url\n"
            "from ..helpers import url as same\n"
            "HOST = os.environ['C']\n"
            "DATABASE = {'x': url()}\n"
            "OTHER = same()\n"
            "if env.bool('D'):\n    APPS = ['one']\n"
            "else:\n    APPS = []\n"
            "APPS += [HOST]\n"
            "PLAIN = 1\n"
            "lower = env('E')\n"
        ),
        settings__dev=(
            "from .base import *\n"
            "HOST = HOST or env('F')\n"
            "PLAIN = f'{HOST}'\n"
            "DATABASE['y'] = env('G', default='')\n"
            "require('A')\n"
        ),
    )
    modules = settings.load_modules(elsewhere)

    def fed(module: str) -> dict[str, str]:
        loaded = modules[f"config.settings.{module}"]
        return {
            name: "".join(sorted(settings.variables_of(modules, loaded, name)))
            for name in loaded.assigned
            if name.isupper()
        }

    assert fed("base") == {
        "HOST": "C",
        "DATABASE": "AB",
        "OTHER": "AB",
        "APPS": "CD",
        "PLAIN": "",
    }
    assert fed("dev") == {"HOST": "CF", "PLAIN": "CF", "DATABASE": "ABG"}
    found = {setting.name: setting for setting in settings.collect(elsewhere).settings}
    assert found["HOST"].required_in == ["config.settings.base"]
    assert found["DATABASE"].required_in == ["config.settings.dev"]
    assert found["PLAIN"].set_in[0] == settings.Place("config.settings.base")


def test_comments_of_the_example_belong_to_the_variables_below() -> None:
    example = (
        "# A file.\n\n"
        "# Section -------\n\n"
        "# Two lines\n# of comment.\nONE=1\n#TWO=2\n"
        "# Another.\n#THREE=\n\n#FOUR=4\n"
        "# feature: x\n# Last.\n#FIVE=5  # feature: x\n# end feature: x\n"
    )
    assert env.explained(example) == {
        "ONE": "Two lines of comment.",
        "TWO": "Two lines of comment.",
        "THREE": "Another.",
        "FOUR": "",
        "FIVE": "Last.",
    }


# Models and signals ------------------------------------------------------------------------


class Colour(TextChoices):
    RED = "red"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Q(a=1, b=None), "a=1 & b=None"),
        (Q(a=1) | Q(b=2) & ~Q(c=3), "a=1 | (b=2 & ~(c=3))"),
        (Q(colour=Colour.RED), "colour='red'"),
        (Q(colour__in={"z", "y", Colour.RED}), "colour__in=['red', 'y', 'z']"),
        (Q(email=Lower("email")), "email=Lower(F(email))"),
    ],
)
def test_conditions_read_as_they_are_written(condition: Q, words: str) -> None:
    assert in_words(condition) == words


something_happened = Signal()


def test_receivers_of_our_own_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def hear(**kwargs: Any) -> None: ...

    ours = ModuleType("longhouse.example")
    ours.something_happened = something_happened  # type: ignore[attr-defined]
    hear.__module__, hear.__qualname__ = "longhouse.example", "hear"
    monkeypatch.setitem(__import__("sys").modules, "longhouse.example", ours)
    something_happened.connect(hear, dispatch_uid="example.hear")
    assert (
        signals.Receiver(
            signal="longhouse.example.something_happened",
            receiver="longhouse.example.hear",
            dispatch_uid="example.hear",
        )
        in signals.collect(project.load()).receivers
    )


# Routes ------------------------------------------------------------------------------------


@require_http_methods(["POST", "GET"])
def asked(request: HttpRequest) -> HttpResponse:
    """Answers. And more."""
    return HttpResponse()


@login_required
def private(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Page(LoginRequiredMixin, TemplateView):
    """A page."""


def test_views_tell_their_methods_and_who_may() -> None:
    inner = [path("private", private, name="private"), path("page/<int:pk>", Page.as_view())]
    patterns = [
        path("asked/", asked),
        path("in/", include((inner, "app"), namespace="ns")),
        path("old/", RedirectView.as_view(url="/")),
    ]
    here = f"{__name__}."
    assert list(urls.routes(patterns)) == [
        urls.Route("/asked/", f"{here}asked", ["GET", "POST"], doc="Answers. And more."),
        urls.Route("/in/private", f"{here}private", auth=["login required"], name="ns:private"),
        urls.Route(
            "/in/page/<int:pk>", f"{here}Page", ["GET"], ["LoginRequiredMixin"], doc="A page."
        ),
        urls.Route(
            "/old/",
            "django.views.generic.base.RedirectView",
            ["DELETE", "GET", "PATCH", "POST", "PUT"],
        ),
    ]


# feature: spa
def test_operations_of_ninja_share_a_path() -> None:
    ninja = pytest.importorskip("ninja")
    api = ninja.NinjaAPI(urls_namespace="context-tests")

    def key(request: HttpRequest) -> bool:
        return True

    @api.get("/things/{int:pk}")
    def read_thing(request: HttpRequest, pk: int) -> str:
        """One thing."""
        return ""

    @api.delete("/things/{int:pk}", auth=key)
    def remove_thing(request: HttpRequest, pk: int) -> str:
        return ""

    found = {
        route.view.rpartition(".")[2]: route
        for route in urls.routes([path("api/", api.urls)])
        if "things" in route.pattern
    }
    assert {route.pattern for route in found.values()} == {"/api/things/<int:pk>"}
    assert found["read_thing"].methods == ["GET"]
    assert found["read_thing"].doc == "One thing."
    assert found["remove_thing"].methods == ["DELETE"]
    assert found["remove_thing"].auth == ["key"]
    assert found["remove_thing"].name == "context-tests:remove_thing"


# end feature: spa
# feature: rest
def test_viewsets_and_serializers_of_rest_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    serializers = pytest.importorskip("rest_framework.serializers")
    viewsets = pytest.importorskip("rest_framework.viewsets")
    decorators = pytest.importorskip("rest_framework.decorators")
    permissions = pytest.importorskip("rest_framework.permissions")

    class Inner(serializers.Serializer):  # type: ignore[misc, name-defined]
        name = serializers.CharField(help_text="As it is called.")

    class Thing(serializers.Serializer):  # type: ignore[misc, name-defined]
        """A thing."""

        inner = Inner(many=True, read_only=True)
        secret = serializers.CharField(source="key", write_only=True, required=False)

    class Things(viewsets.ViewSet):  # type: ignore[misc, name-defined]
        permission_classes = (~permissions.IsAdminUser & permissions.IsAuthenticated,)
        authentication_classes = ()

        def list(self, request: HttpRequest) -> HttpResponse:
            """All of them."""
            return HttpResponse()

        def create(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse()

    @decorators.api_view(["POST"])
    def asked(request: HttpRequest) -> HttpResponse:
        """Answers."""
        return HttpResponse()

    patterns = [
        path("things/", Things.as_view({"get": "list", "post": "create"})),
        path("asked/", asked),
    ]
    auth = ["(NOT IsAdminUser AND IsAuthenticated)"]
    here = f"{__name__}."
    assert [replace(route, auth=[]) for route in urls.routes(patterns)] == [
        urls.Route("/things/", f"{here}Things.list", ["GET"], doc="All of them."),
        urls.Route("/things/", f"{here}Things.create", ["POST"]),
        urls.Route("/asked/", f"{here}asked", ["POST"], doc="Answers."),
    ]
    assert [route.auth for route in urls.routes(patterns)][:2] == [auth, auth]

    ours = ModuleType("longhouse.example")
    for kind in (Inner, Thing):
        kind.__module__, kind.__qualname__ = "longhouse.example", kind.__name__
        setattr(ours, kind.__name__, kind)
    monkeypatch.setitem(__import__("sys").modules, "longhouse.example", ours)
    found = {schema.name: schema for schema in schemas.collect(project.load()).schemas}
    thing = found["longhouse.example.Thing"]
    assert (thing.kind, thing.doc) == ("serializer", "A thing.")
    assert thing.fields == [
        schemas.Field("inner", "Inner[]", read_only=True),
        schemas.Field("secret", "CharField", write_only=True, source="key"),
    ]
    assert found["longhouse.example.Inner"].fields == [
        schemas.Field("name", "CharField", required=True, description="As it is called.")
    ]


# end feature: rest
@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "uuid"}, "uuid"),
        ({"anyOf": [{"$ref": "#/$defs/Photo"}, {"type": "null"}]}, "Photo | null"),
        ({"type": "array", "items": {"anyOf": [{"const": 1}, {"enum": ["a"]}]}}, '(1 | "a")[]'),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "{[key]: integer}"),
        ({}, "any"),
    ],
)
def test_types_are_said_in_few_words(schema: dict[str, Any], words: str) -> None:
    assert schemas.type_in_json(schema) == words


# Tests, scripts, invariants ------------------------------------------------------------------


def test_tests_are_found_as_pytest_finds_them(elsewhere: Project) -> None:
    write(
        elsewhere.source,
        tests__test_it=(
            "def test_one():\n    '''Says one.\n\n    More.\n    '''\n"
            "def helper(): ...\n"
            "async def test_two(): ...\n"
            "class TestThree:\n    def test_a(self): ...\n    def help(self): ...\n"
            "class Four(django.test.TestCase):\n    def test_b(self): ...\n"
            "class Five:\n    def test_c(self): ...\n"
        ),
        tests__helpers="def test_no(): ...\n",
    )
    (found,) = suite.collect(elsewhere).pytest
    assert found == suite.PytestFile(
        "tests/test_it.py",
        [
            suite.Test("test_one", "Says one."),
            suite.Test("test_two"),
            suite.Test("TestThree::test_a"),
            suite.Test("Four::test_b"),
        ],
    )


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("#!/bin/sh\n# Starts a.b over. Then stops.\nset -e\n", "Starts a.b over."),
        ("#!/bin/sh\n# Starts it\n# all over\n#\n# Really.\nset -e\n", "Starts it all over"),
        ('#!/usr/bin/env python\n"""Does it."""\nimport os\n', "Does it."),
        ("#!/bin/sh\nset -e\n", ""),
    ],
)
def test_a_script_says_what_it_does_in_its_first_sentence(script: str, sentence: str) -> None:
    assert first_sentence(script) == sentence


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[invariant]]\ntext = "x"\n', "has a text and a test"),
        ('[[invariant]]\ntext = "x"\ntest = 1\n', "has a text and a test"),
        ("[[invariant]\n", "cannot be read"),
        ('[[invariant]]\ntext = "x"\ntest = "nowhere.py::test"\n', "There is no nowhere.py::test"),
    ],
)
def test_a_broken_list_of_invariants_is_told(elsewhere: Project, text: str, message: str) -> None:
    (elsewhere.source / "invariants.toml").write_text(text)
    with pytest.raises(invariants.InvalidInvariants, match=message) as caught:
        invariants.collect(elsewhere)
    assert "invariants.toml" in str(caught.value)


# The overview ------------------------------------------------------------------------------


def test_the_overview_tells_what_the_readme_says_first(elsewhere: Project) -> None:
    readme = "# Title\n\n<!-- a note -->\nWhat it\nis. <!-- and -->\n\nMore.\n"
    (elsewhere.root / "README.md").write_text(readme)
    assert overview.about(elsewhere) == "What it\nis."
    (elsewhere.root / "README.md").unlink()
    assert overview.about(elsewhere) == ""


# feature: template
def test_the_overview_lists_the_features_that_can_be_removed(elsewhere: Project) -> None:
    listed = '[feature.b]\ngives = "B"\nowns = []\n[feature.a]\ngives = "A"\n[preset.c]\n'
    (elsewhere.root / "features.toml").write_text(listed)
    assert "| `a` | A |\n| `b` | B |\n" in overview.features(elsewhere)
    (elsewhere.root / "features.toml").unlink()
    assert overview.features(elsewhere) == ""


# end feature: template
# Files -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """An example."""

    name: str
    size: int | None = None
    tags: list[str] = field(default_factory=list)


def test_records_leave_out_what_is_not_said() -> None:
    assert to_json([Example("a"), Example("b", 0, ["c"])]) == [
        {"name": "a"},
        {"name": "b", "size": 0, "tags": ["c"]},
    ]
    assert json_schema(Example) == {
        "description": "An example.",
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["name"],
        "additionalProperties": False,
    }


def test_what_fits_on_a_line_stays_there() -> None:
    value = {"short": [1, 2], "long": [{"key": "x" * 60}, {"key": "y" * 60}], "none": []}
    text = dumps(value)
    assert json.loads(text) == value
    assert text.splitlines()[1:4] == [
        '  "short": [1, 2],',
        '  "long": [',
        f'    {{"key": "{"x" * 60}"}},',
    ]
    assert max(map(len, text.splitlines())) <= 100


def test_files_that_are_made_no_more_are_removed(elsewhere: Project) -> None:
    folder = elsewhere.root / "context"
    old = {"a.json": "1\n", "schema/b.json": "2\n", "README.md": "3\n"}
    new = {"a.json": "1\n", "c.json": "4\n", "README.md": "5\n"}
    assert files.write(elsewhere, old) == ["README.md", "a.json", "schema/b.json"]
    (folder / "notes.txt").write_text("not ours")
    assert files.differing(elsewhere, new) == ["README.md", "c.json", "schema/b.json"]
    assert files.write(elsewhere, new) == ["README.md", "c.json", "schema/b.json"]
    assert files.differing(elsewhere, new) == []
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {"README.md", "a.json", "c.json", "notes.txt"}
