"""Development: this machine only, debug pages, no service needed."""

from config.settings.base import *
from config.settings.base import CSRF_TRUSTED_ORIGINS, SECRET_KEY, SITE_URL, env

DEBUG = True
# scripts/bootstrap writes a random key into .env; this one only lets tools run before that.
SECRET_KEY = SECRET_KEY or "development-only-key-that-production-does-not-accept"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".localhost"]
# feature: spa
# The browser talks to Vite, which passes on what is Django's.
SITE_URL = SITE_URL or f"http://localhost:{env.int('VITE_PORT', default=5173)}"
# end feature: spa
# without spa: SITE_URL = SITE_URL or f"http://localhost:{env.int('DJANGO_PORT', default=8000)}"
CSRF_TRUSTED_ORIGINS = [*CSRF_TRUSTED_ORIGINS, SITE_URL]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
