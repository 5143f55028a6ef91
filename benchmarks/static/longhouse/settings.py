"""Production as the house runs it, with the benchmark's files in the place of the apps' own."""

import os

from config.settings.production import *

STATICFILES_DIRS = [os.environ["STATIC_SOURCE"]]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
