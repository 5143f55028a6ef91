"""Development: this machine only, debug pages, no service needed."""

from config.env import require
from config.settings.base import *
from config.settings.base import CSRF_TRUSTED_ORIGINS, SITE_URL, env

require("DJANGO_SECRET_KEY")  # scripts/bootstrap writes a random one into .env

DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".localhost"]
# feature: spa
# The browser talks to Vite, which passes on what is Django's.
SITE_URL = SITE_URL or f"http://localhost:{env.int('VITE_PORT', default=5173)}"
# end feature: spa
# without spa: SITE_URL = SITE_URL or f"http://localhost:{env.int('DJANGO_PORT', default=8000)}"
CSRF_TRUSTED_ORIGINS = [*CSRF_TRUSTED_ORIGINS, SITE_URL]
SIGN_UP = env.str("SIGN_UP", default="open")  # feature: accounts
# without mail: EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
