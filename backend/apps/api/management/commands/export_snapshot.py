"""Write the public API's answers to files, for pages that are prerendered without a server."""

import json
import shutil
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import Client
from django.utils.module_loading import module_has_submodule


class Command(BaseCommand):
    help = (
        "Ask the public API, in this process and as a visitor, for every path named by an app's "
        "snapshot.py, and write the answers where the front end's build reads them."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--output", type=Path, default=settings.FRONTEND_DIST / "snapshot")

    def handle(self, *args: Any, output: Path, **options: Any) -> None:
        fresh = output.with_name(f"{output.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        # What changes from now on is newer than the pages that are built from this.
        (fresh / "taken.json").write_text(json.dumps({"at": time.time()}))
        client = Client(headers={"host": self._host()})
        index: dict[str, str] = {}
        for number, path in enumerate(snapshot_paths()):
            response = client.get(path)
            if response.status_code != 200:
                raise CommandError(f"{path} answered {response.status_code}: {response.content!r}")
            index[path] = f"{number}.json"
            (fresh / index[path]).write_bytes(response.content)
        (fresh / "index.json").write_text(json.dumps(index, indent=1))
        # Swap: a failed export leaves the last good snapshot in place.
        shutil.rmtree(output, ignore_errors=True)
        fresh.rename(output)
        self.stdout.write(f"{len(index)} answers in {output}")

    def _host(self) -> str:
        host = next((name for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
        return host.lstrip(".")


def snapshot_paths() -> list[str]:
    found: list[str] = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "snapshot"):
            found += import_module(f"{config.name}.snapshot").paths()
    return found
