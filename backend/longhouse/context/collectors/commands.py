"""What can be run: management commands of our own apps, scripts, targets of the Makefile."""

import re
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from django.core.management import find_commands, load_command_class
from django.core.management.base import BaseCommand

from longhouse.context.project import Project, read, summary

QUESTION = "What can be run here, and what does each do?"

TARGET = re.compile(r"^([a-z][\w-]*):.*?## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Option:
    """`--flag`, or the name of an argument that has none."""

    name: str
    help: str = ""


@dataclass(frozen=True)
class ManagementCommand:
    name: str
    app: str
    help: str = ""
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class Script:
    path: str
    help: str = ""


@dataclass(frozen=True)
class Target:
    name: str
    help: str


@dataclass(frozen=True)
class Commands:
    """`manage.py` commands of our own apps, scripts in scripts/, and targets of make."""

    management: list[ManagementCommand]
    scripts: list[Script]
    make: list[Target]


def collect(project: Project) -> Commands:
    management = [
        _command(config.name, name)
        for config in project.apps
        for name in find_commands(str(Path(config.path, "management")))
    ]
    targets = TARGET.findall(read(project.root / "Makefile"))
    return Commands(
        management=sorted(management, key=lambda command: (command.name, command.app)),
        scripts=_scripts(project),
        make=[Target(name, text.strip()) for name, text in sorted(targets)],
    )


def count(document: Commands) -> str:
    return (
        f"{len(document.make)} targets of make, {len(document.scripts)} scripts, "
        f"{len(document.management)} management commands"
    )


def _command(app: str, name: str) -> ManagementCommand:
    command = load_command_class(app, name)
    common = BaseCommand().create_parser("manage.py", name)
    known = {option for action in common._actions for option in action.option_strings}
    options = [
        Option(name=(action.option_strings or [action.dest])[-1], help=str(action.help or ""))
        for action in command.create_parser("manage.py", name)._actions
        if not known.intersection(action.option_strings)
    ]
    return ManagementCommand(name, app, summary(str(command.help)), options)


def _scripts(project: Project) -> list[Script]:
    """The files directly in scripts/ that start with `#!`."""
    folder = project.root / "scripts"
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        Script(project.relative(path), first_sentence(read(path)))
        for path in files
        if path.is_file() and path.read_bytes().startswith(b"#!")
    ]


def first_sentence(script: str) -> str:
    """Of the comment, or the docstring, that a script begins with."""
    lines = takewhile(lambda line: re.match(r'# \w|"""\w', line), script.splitlines()[1:])
    text = " ".join(line.strip('#" ') for line in lines)
    return re.split(r"(?<=\.) ", text, maxsplit=1)[0]
