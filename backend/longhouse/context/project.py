"""Where the project's own code is: what all collectors start from."""

import ast
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from inspect import cleandoc
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import ENVIRONMENT_VARIABLE

from longhouse.context import conf

# Not written by hand; names that start with a dot are left out too.
GENERATED = {"__pycache__"}
GENERATED |= {"dist", "generated", "node_modules"}  # feature: spa


@dataclass(frozen=True)
class Project:
    """Paths are absolute here and relative to `root` in everything that is written."""

    root: Path  # of the repository
    source: Path  # on Python's path: holds the packages of our own code
    apps: tuple[AppConfig, ...]  # ours, by name
    settings_module: str

    @property
    def settings_package(self) -> str:
        """The outermost package that the settings module lies in."""
        return self.settings_module.partition(".")[0]

    @property
    def packages(self) -> list[str]:
        """The outermost packages of our own code."""
        return sorted(
            {config.name.partition(".")[0] for config in self.apps} | {self.settings_package}
        )

    def owns(self, module: str) -> bool:
        """Whether a module of this name is our own code, and no test."""
        first, *others = module.split(".")
        return first in self.packages and "tests" not in others

    def modules(self) -> list[ModuleType]:
        """Our own modules that are loaded, by name."""
        return [module for name, module in sorted(sys.modules.items()) if self.owns(name)]

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def python_files(self) -> list[Path]:
        """Our own sources, without tests."""
        found = [self.source / "manage.py"]
        for package in self.packages:
            found += [
                path
                for path in walk(self.source / package)
                if path.suffix == ".py" and "tests" not in path.relative_to(self.source).parts
            ]
        return [path for path in found if path.is_file()]


def load() -> Project:
    """The project that Django runs with; its apps must be ready."""
    module = os.environ[ENVIRONMENT_VARIABLE]
    package = module.partition(".")[0]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"The settings package {package} has no file.")
    # A package's origin is its __init__.py; a settings file that lies alone is its own.
    origin = Path(spec.origin).resolve()
    source = origin.parents[1] if spec.submodule_search_locations else origin.parent
    ours = [
        config
        for config in apps.get_app_configs()
        if Path(config.path).resolve().is_relative_to(source)
        and "site-packages" not in Path(config.path).parts
        and "tests" not in config.name.split(".")
    ]
    return Project(
        root=(conf.root() or source).resolve(),
        source=source,
        apps=tuple(sorted(ours, key=lambda config: config.name)),
        settings_module=module,
    )


def walk(folder: Path) -> Iterator[Path]:
    """Every file that somebody wrote below a folder, in order of name; none when it is missing."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in GENERATED and not name.startswith(".")
        )
        yield from (Path(parent, name) for name in sorted(files) if not name.startswith("."))


def read(path: Path) -> str:
    """The text of a file; "" when it is missing."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def parse(path: Path) -> ast.Module:
    return ast.parse(read(path), filename=str(path))


def summary(text: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(cleandoc(text or "").partition("\n\n")[0].split())


def dotted(thing: object) -> str:
    """The path under which a class or function is imported."""
    return f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}"
