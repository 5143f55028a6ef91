"""Every test, told from the sources without running them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from longhouse.context import environment
from longhouse.context.project import Project, parse, read, summary, walk

QUESTION = "What is tested, and where?"

PYTEST_FILE = re.compile(r"(test_.*|.*_test)\.py")
# feature: spa
VITEST_FILE = re.compile(r".*\.(test|spec)\.[jt]s")
# describe('...'), it.each(rows)('...'): a title is one literal at the start of a line.
VITEST_TITLE = re.compile(
    r"^[ \t]*(?:describe|it|test)(?:\.[\w.]+(?:\([^()\n]*\))?)?\(\s*(['\"`])((?:\\.|(?!\1).)*)\1",
    re.MULTILINE,
)
# end feature: spa


@dataclass(frozen=True)
class Test:
    """`id` is what pytest takes after the file: `name`, or `Class::name`."""

    id: str
    doc: str = ""


@dataclass(frozen=True)
class PytestFile:
    path: str
    tests: list[Test]


# feature: spa
@dataclass(frozen=True)
class VitestFile:
    """`titles` of its describe() and it(), as far as they stand at the start of a line."""

    path: str
    titles: list[str]


# end feature: spa
@dataclass(frozen=True)
class Suite:
    """Tests in the order of their file; one with parameters counts once."""

    pytest: list[PytestFile]
    vitest: list[VitestFile]  # feature: spa


def collect(project: Project) -> Suite:
    return Suite(
        pytest=_pytest(project),
        vitest=_vitest(project),  # feature: spa
    )


def count(document: Suite) -> str:
    tests = sum(len(file.tests) for file in document.pytest)
    return f"{tests} tests of pytest, {len(document.vitest)} files of Vitest"  # feature: spa
    # without spa: return f"{tests} tests of pytest"


def _pytest(project: Project) -> list[PytestFile]:
    files = [
        PytestFile(project.relative(path), tests)
        for path in walk(project.source)
        if PYTEST_FILE.fullmatch(path.name) and (tests := list(defined_tests(parse(path))))
    ]
    return sorted(files, key=lambda file: file.path)


def defined_tests(scope: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[Test]:
    """The tests that pytest would collect: functions, classes named Test..., unittest's classes."""
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test"):
                yield Test(f"{prefix}{node.name}", summary(ast.get_docstring(node)))
        elif isinstance(node, ast.ClassDef):
            bases = [environment.name_of(base).rpartition(".")[2] for base in node.bases]
            if node.name.startswith("Test") or any(base.endswith("TestCase") for base in bases):
                yield from defined_tests(node, f"{prefix}{node.name}::")


# feature: spa
def _vitest(project: Project) -> list[VitestFile]:
    files = [
        VitestFile(project.relative(path), [title for _, title in VITEST_TITLE.findall(read(path))])
        for path in walk(project.root / "frontend")
        if VITEST_FILE.fullmatch(path.name)
    ]
    return sorted(files, key=lambda file: file.path)


# end feature: spa
