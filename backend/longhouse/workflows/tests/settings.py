"""Settings of the processes that tests start: the queue, workflows, and nothing around them."""

from longhouse.jobs.tests.settings import *  # noqa: F403
from longhouse.jobs.tests.settings import INSTALLED_APPS as OF_JOBS

INSTALLED_APPS = [
    *("django.contrib.auth", "django.contrib.contenttypes"),
    *OF_JOBS,
    "longhouse.realtime",
    "longhouse.workflows",
    "longhouse.workflows.tests",  # its workflows
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
