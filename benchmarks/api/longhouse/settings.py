"""Production as the house runs it, with the benchmark's API in the place of the product's."""

import os

from config.settings.production import *
from config.settings.production import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "shop"]
ROOT_URLCONF = "shop.urls"
if os.environ["SHOP_ROUTER"] == "shop.api.router":
    # Plain Ninja has nothing that is prepared.
    AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
