"""The one entry of the web server: the front door, and Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

django = get_wsgi_application()

# Only now are the settings and the apps there.
from django.conf import settings  # noqa: E402
from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402

import config.urls  # noqa: E402, F401 - a mistake there stops the start, not the first request
from longhouse.frontdoor.door import FrontDoor  # noqa: E402
from longhouse.frontdoor.protocol import Handler  # noqa: E402

# Asked before Django, on the event loop: events, WebSockets, tiles, fast reads.
handlers: list[Handler] = []

# While developing nothing is collected: static files come from their apps, as in runserver.
application = FrontDoor(StaticFilesHandler(django) if settings.DEBUG else django, handlers)
