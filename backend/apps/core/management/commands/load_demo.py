"""Fill an empty house with demo data, so that there is something to see."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule


class Command(BaseCommand):
    help = "Load the demo data of every app that has a demo module and no data yet."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--sign-ins", action="store_true", help="Only print the demo accounts, one a line."
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="Load in production too: the demo accounts have a public password.",
        )

    def handle(self, *args: Any, sign_ins: bool, force: bool, **options: Any) -> None:
        modules = demo_modules()
        if sign_ins:
            for module in modules:
                for line in getattr(module, "sign_ins", list)():
                    self.stdout.write(line)
            return
        if not settings.DEBUG and not force:
            raise CommandError("This is no development house. Use --force if you mean it.")
        now = timezone.now()
        with transaction.atomic():
            for module in modules:
                if not module.is_loaded():
                    self.stdout.write(module.load(now=now))


def demo_modules() -> list[Any]:
    return [
        import_module(f"{config.name}.demo")
        for config in apps.get_app_configs()
        if module_has_submodule(config.module, "demo")
    ]
