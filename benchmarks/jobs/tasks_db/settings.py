"""What its documentation asks for, on the database connection that the house has."""

import os

from databases import database

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
USE_TZ = True
INSTALLED_APPS = ["django_tasks", "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DATABASES = {"default": database(os.environ["DATABASE_URL"])}
