"""Every environment variable that something reads or that `.env.example` explains; no values."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from longhouse.context import environment
from longhouse.context.collectors import settings
from longhouse.context.project import Project, parse, read, walk

QUESTION = "Which environment variables are there, what do they mean, and who reads them?"

ASSIGNMENT = re.compile(r"#?([A-Z][A-Z0-9_]*)=")
# A rule under a section's title, or a mark of a feature: no comment on a variable.
NO_COMMENT = re.compile(r"-{5,}$|^(end )?feature: |^without ")
IN_SHELL = re.compile(r"\$\{([A-Z][A-Z0-9_]*):?[-=?+]")
IN_PAGES = re.compile(r"(?:process|import\.meta)\.env\.([A-Z][A-Z0-9_]*)")  # feature: spa


@dataclass(frozen=True)
class Variable:
    """`comment` is that of .env.example; `required_in`: settings modules that demand it."""

    name: str
    comment: str = ""
    documented: bool = False
    required_in: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    read_by: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Environment:
    """Names and comments only: values and defaults are left out, because secrets are among them."""

    variables: list[Variable]


def collect(project: Project) -> Environment:
    comments = explained(read(project.root / ".env.example"))
    readers: dict[str, set[str]] = defaultdict(set)
    for path, names in _readings(project, set(comments)):
        for name in names:
            readers[name].add(project.relative(path))
    modules = settings.load_modules(project)
    required: dict[str, list[str]] = defaultdict(list)
    for module in settings.settings_modules(project, modules):
        for name in environment.required(module.tree):
            required[name].append(module.name)
    feeds: dict[str, set[str]] = defaultdict(set)
    for setting in settings.collect(project).settings:
        for place in setting.set_in:
            for name in place.env:
                feeds[name].add(setting.name)
    return Environment(
        [
            Variable(
                name=name,
                comment=comments.get(name, ""),
                documented=name in comments,
                required_in=required[name],
                settings=sorted(feeds[name]),
                read_by=sorted(readers[name]),
            )
            for name in sorted({*comments, *readers})
        ]
    )


def count(document: Environment) -> str:
    return f"{len(document.variables)} variables"


def explained(example: str) -> dict[str, str]:
    """The variables of an .env.example, set or commented out, with the comment above each.

    Variables that follow each other without an empty line share a comment.
    """
    found: dict[str, str] = {}
    comment: list[str] = []
    after_variable = False
    for line in example.splitlines():
        text = line.removeprefix("# ").strip()
        if assignment := ASSIGNMENT.match(line):
            found[assignment[1]] = " ".join(comment)
            after_variable = True
        elif line.startswith("# ") and NO_COMMENT.search(text):
            continue
        elif line.startswith("# "):
            comment = [] if after_variable else comment
            comment.append(text)
            after_variable = False
        else:
            comment, after_variable = [], False
    return found


def _readings(project: Project, listed: set[str]) -> Iterator[tuple[Path, set[str]]]:
    for path in project.python_files():
        yield path, environment.variables(parse(path))
    for path in walk(project.root / "scripts"):
        if path.suffix == ".py":
            tree = parse(path)
            yield path, environment.variables(tree) | _mentioned(tree, listed)
        elif read(path).startswith("#!"):
            yield path, set(IN_SHELL.findall(read(path)))
    # feature: spa
    for path in walk(project.root / "frontend"):
        if path.suffix in {".js", ".ts", ".svelte"} and ".test." not in path.name:
            yield path, set(IN_PAGES.findall(read(path)))
    # end feature: spa


def _mentioned(tree: ast.Module, listed: set[str]) -> set[str]:
    """Known variables that a script reads by functions of its own: `port("PORT", 8000)`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        name
        for call in calls
        if (name := environment.text_of(call.args[0])) in listed
        and name
        and not environment.name_of(call.func).endswith(".setdefault")
    }
