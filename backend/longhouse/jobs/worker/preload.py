"""Imported once by the process from which children are forked: they start with all code loaded."""

import django

django.setup()

from longhouse.jobs.registry import discover  # noqa: E402 - apps must be ready

discover()
