"""The queue as the house sets it in production, with nothing around it: as its peers have it."""

from config.settings.base import BROKER_URL, DATABASES, SECRET_KEY, TASKS, USE_TZ

__all__ = ["BROKER_URL", "DATABASES", "SECRET_KEY", "TASKS", "USE_TZ"]
INSTALLED_APPS = ["longhouse.jobs", "django_tasks"]
# What a job carries belongs to apps that are not here.
TASKS["default"].get("OPTIONS", {}).pop("carries", None)
