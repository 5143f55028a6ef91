"""Settings of the product that the tests start as a real server; paths come from TEST_HOME."""

import os
from pathlib import Path

from longhouse.frontdoor.csp import CSP

HOME = Path(os.environ["TEST_HOME"])
SECRET_KEY = "of no value"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "longhouse.frontdoor.tests.urls"
INSTALLED_APPS = ["longhouse.frontdoor"]
MIDDLEWARE = ["longhouse.frontdoor.csp.ContentSecurityPolicyMiddleware"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "db.sqlite3",
        "CONN_MAX_AGE": None,
    }
}
USE_TZ = True
SECURE_CSP = {"default-src": [CSP.SELF]}
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
# feature: spa
LOGIN_URL = "/sign-in"
FRONTDOOR_SITE = HOME / "dist" / "site"
FRONTDOOR_ROUTES = HOME / "dist" / "routes.json"
# end feature: spa
FRONTDOOR_THREADS = 2
FRONTDOOR_MAX_BODY = 4 * 1024 * 1024
