"""All files of `context/`: made in memory, then written or compared."""

import difflib
from itertools import islice
from pathlib import Path
from typing import get_type_hints

from longhouse.context import overview
from longhouse.context.collectors import COLLECTORS
from longhouse.context.project import Project, read
from longhouse.context.shape import DIALECT, dumps, json_schema, to_json

LINES = 14  # of a difference are shown


def folder(project: Project) -> Path:
    return project.root / "context"


def make(project: Project) -> dict[str, str]:
    """The text of every file, by its path in the folder."""
    found: dict[str, str] = {}
    listed = []
    for name, collector in COLLECTORS.items():
        document = collector.collect(project)
        header = {"$schema": f"schema/{name}.json", "question": collector.QUESTION}
        found[f"{name}.json"] = dumps(header | to_json(document))
        found[f"schema/{name}.json"] = dumps(schema(name))
        listed.append((f"{name}.json", collector.QUESTION, collector.count(document)))
    found["README.md"] = overview.page(project, listed)
    found["README.md"] += overview.features(project)  # feature: template
    return dict(sorted(found.items()))


def schema(name: str) -> dict[str, object]:
    """JSON Schema of one file, from the type that its collector returns."""
    body = json_schema(get_type_hints(COLLECTORS[name].collect)["return"])
    header = {"$schema": {"type": "string"}, "question": {"type": "string"}}
    body["properties"] = header | body["properties"]
    body["required"] = [*header, *body["required"]]
    return {"$schema": DIALECT, "title": f"context/{name}.json", **body}


def write(project: Project, made: dict[str, str]) -> list[str]:
    """Write what differs and remove what is made no more; returns the paths that changed.

    Each file is replaced at once: whoever reads meanwhile sees the old one or the new one.
    """
    changed = differing(project, made)
    for name in changed:
        path = folder(project) / name
        if name not in made:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(made[name], encoding="utf-8", newline="\n")
        fresh.replace(path)
    return changed


def differing(project: Project, made: dict[str, str]) -> list[str]:
    """Paths that are missing, differ, or are JSON that is made no more."""
    there = {
        path.relative_to(folder(project)).as_posix() for path in folder(project).rglob("*.json")
    }
    return sorted(
        name
        for name in {*made, *there}
        if name not in made or _text(folder(project) / name) != made[name]
    )


def difference(project: Project, name: str, made: dict[str, str]) -> str:
    """The first lines of what differs in one file, as `diff -u` shows it."""
    lines = difflib.unified_diff(
        read(folder(project) / name).splitlines(),
        made.get(name, "").splitlines(),
        fromfile=f"context/{name}",
        tofile="what the code says",
        n=1,
        lineterm="",
    )
    return "\n".join(islice(lines, LINES))


def _text(path: Path) -> str | None:
    return path.read_bytes().decode(errors="replace") if path.is_file() else None
