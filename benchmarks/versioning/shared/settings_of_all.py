"""What the settings of all systems have in common."""

import os

from benchmarks.jobs.shared.databases import database

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "bench"]
DATABASES = {"default": database(os.environ["DATABASE_URL"])}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # As the house connects: PostgreSQL prepares a statement when it comes again.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5}
    # What other processes of the server do for a statement would not be counted.
    DATABASES["default"]["OPTIONS"]["options"] = "-c max_parallel_workers_per_gather=0"
