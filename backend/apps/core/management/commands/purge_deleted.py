"""Remove for good what was softly deleted long ago."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from apps.core.soft_delete import soft_delete_models


class Command(BaseCommand):
    help = "Remove rows that were deleted more than --days ago; they can't be restored afterwards."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        before = timezone.now() - timedelta(days=days)
        with transaction.atomic():
            for model in soft_delete_models():
                removed, _ = model.all_objects.filter(deleted_at__lt=before).hard_delete()
                if removed:
                    self.stdout.write(f"{model._meta.label}: {removed} rows")
