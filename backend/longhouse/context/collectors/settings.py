"""Names of settings, where they are set, and the environment variables behind them; no values."""

import ast
from dataclasses import dataclass, field
from pathlib import Path

from longhouse.context import environment
from longhouse.context.project import Project, parse, walk

QUESTION = "Which settings does the project set, where, and by which environment variables?"


@dataclass(frozen=True)
class Place:
    """A settings module that sets it; `env`: variables that its value there depends on."""

    module: str
    env: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Setting:
    """`required_in`: modules that demand one of its variables, and do not load without."""

    name: str
    set_in: list[Place]
    required_in: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    """Names only: values are left out, because secrets are among them."""

    settings: list[Setting]


@dataclass
class Module:
    """The names of one module: what gives them their value, or where they are imported from."""

    name: str
    tree: ast.Module
    assigned: dict[str, list[ast.AST]] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    starred: list[str] = field(default_factory=list)


def collect(project: Project) -> Settings:
    modules = load_modules(project)
    found: dict[str, list[Place]] = {}
    for module in settings_modules(project, modules):
        for name in filter(str.isupper, module.assigned):
            place = Place(module.name, sorted(variables_of(modules, module, name)))
            found.setdefault(name, []).append(place)
    required: dict[str, list[str]] = {name: [] for name in found}
    for module in settings_modules(project, modules):
        needed = environment.required(module.tree)
        loaded = _with_starred(modules, module)
        for name, places in found.items():
            if any(needed & set(place.env) for place in places if place.module in loaded):
                required[name].append(module.name)
    return Settings(
        [Setting(name, places, required[name]) for name, places in sorted(found.items())]
    )


def count(document: Settings) -> str:
    return f"{len(document.settings)} settings"


def settings_modules(project: Project, modules: dict[str, Module]) -> list[Module]:
    """All modules of the package that the settings module lies in, if that is a package of them."""
    package = project.settings_module.rpartition(".")[0]
    if package.rpartition(".")[2] != "settings":
        return [modules[project.settings_module]]
    return [
        module for name, module in sorted(modules.items()) if name.rpartition(".")[0] == package
    ]


def load_modules(project: Project) -> dict[str, Module]:
    """The modules of the outermost package that the settings lie in, by dotted name."""
    return {
        module.name: module
        for path in walk(project.source / project.settings_package)
        if path.suffix == ".py"
        for module in [_load(project, path)]
    }


def variables_of(
    modules: dict[str, Module],
    module: Module,
    name: str,
    seen: frozenset[tuple[str, str]] = frozenset(),
) -> set[str]:
    """The environment variables that a name's value depends on, through every name it refers to."""
    key = (module.name, name)
    if name in module.assigned and key not in seen:
        found: set[str] = set()
        for node in module.assigned[name]:
            found |= environment.variables(node)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
                    found |= variables_of(modules, module, inner.id, seen | {key})
        return found
    # `SITE_URL = SITE_URL or ...` refers to the name that was imported.
    if name in module.imported:
        origin, original = module.imported[name]
        if origin in modules:
            return variables_of(modules, modules[origin], original, seen)
    for origin in reversed(module.starred):
        if origin in modules and _has(modules, modules[origin], name):
            return variables_of(modules, modules[origin], name, seen)
    return set()


def _has(modules: dict[str, Module], module: Module, name: str) -> bool:
    return any(
        name in modules[other].assigned or name in modules[other].imported
        for other in _with_starred(modules, module)
    )


def _with_starred(modules: dict[str, Module], module: Module) -> set[str]:
    """A module and those whose every name it takes over."""
    found = {module.name}
    for name in module.starred:
        if name in modules:
            found |= _with_starred(modules, modules[name])
    return found


def _load(project: Project, path: Path) -> Module:
    parts = path.relative_to(project.source).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    module = Module(name, parse(path))
    for statement, tests in environment.statements(module.tree.body):
        if isinstance(statement, ast.ImportFrom):
            _add_import(module, statement, is_package=parts[-1] == "__init__")
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            module.assigned.setdefault(statement.name, []).append(statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) and statement.value:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                for inner in ast.walk(target):
                    # `DATABASES["other"] = ...` and `APPS += ...` change what was there before.
                    if isinstance(inner, ast.Name) and inner.id != "_":
                        nodes = module.assigned.setdefault(inner.id, [])
                        nodes += [statement.value, *tests]
                        if isinstance(statement, ast.AugAssign) or target is not inner:
                            nodes.append(ast.Name(inner.id, ast.Load()))
    return module


def _add_import(module: Module, statement: ast.ImportFrom, *, is_package: bool) -> None:
    origin = statement.module or ""
    if statement.level:
        parents = module.name.split(".")
        kept = parents[: len(parents) - statement.level + is_package]
        origin = ".".join([*kept, *filter(None, [origin])])
    for alias in statement.names:
        if alias.name == "*":
            module.starred.append(origin)
        else:
            module.imported[alias.asname or alias.name] = (origin, alias.name)
