"""`context/README.md`: what the project is, in one page, and where each fact is."""

import re
import tomllib  # feature: template

from django.apps import AppConfig

from longhouse.context import conf
from longhouse.context.project import Project, read, summary

PAGE = """\
# {name}: the project in data

{about}

Everything in this folder is written from the code by `make context`. Change the code and run that;
`scripts/check` fails while they differ. Nothing here is a secret: settings and variables are named,
never their values. Each JSON file names its schema in `schema/`.

## Which file answers what

| file | question | holds |
|---|---|---|
{files}

## Apps

| app | what it is |
|---|---|
{apps}
"""

# feature: template
FEATURES = """
## Features that can be removed

| feature | what it gives |
|---|---|
{rows}
"""
# end feature: template


def page(project: Project, files: list[tuple[str, str, str]]) -> str:
    """The page; `files`: name, question and count of each file."""
    return PAGE.format(
        name=conf.site_name(),
        about=about(project),
        files="\n".join(
            f"| [{name}]({name}) | {asked} | {holds} |" for name, asked, holds in files
        ),
        apps="\n".join(f"| `{config.name}` | {purpose(config)} |" for config in project.apps),
    )


# feature: template
def features(project: Project) -> str:
    """What features.toml lists, to add to the page; "" without it."""
    listed = tomllib.loads(read(project.root / "features.toml")).get("feature", {})
    rows = [f"| `{name}` | {entry['gives']} |" for name, entry in sorted(listed.items())]
    return FEATURES.format(rows="\n".join(rows)) if rows else ""


# end feature: template
def about(project: Project) -> str:
    """The first paragraph of the project's README, after its title."""
    readme = re.sub(r"<!--.*?-->", "", read(project.root / "README.md"), flags=re.DOTALL)
    paragraphs = [part.strip() for part in readme.split("\n\n")]
    return next((part for part in paragraphs if part and not part.startswith("#")), "")


def purpose(config: AppConfig) -> str:
    return summary(config.module.__doc__ if config.module else "") or str(config.verbose_name)
