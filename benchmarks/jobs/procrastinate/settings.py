"""What its documentation asks for, on the database connection that the house has."""

import os

from databases import database

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
USE_TZ = True
INSTALLED_APPS = ["procrastinate.contrib.django"]
PROCRASTINATE_IMPORT_PATHS = ["system"]
DATABASES = {"default": database(os.environ["DATABASE_URL"])}
