"""The one entry of the web server: the front door, and Django behind it."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

django: Any = get_wsgi_application()

# Only now are the settings and the apps there.
# ruff: noqa: E402
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler

import config.urls  # noqa: F401 - a mistake there stops the start, not the first request
from apps.api.api import api  # feature: spa
from apps.core.middleware import request_id  # feature: spa
from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.protocol import Handler
from longhouse.lane import Lane, LoopLane  # feature: spa
from longhouse.realtime.endpoints import Realtime  # feature: realtime

# Asked before Django, on the event loop: events, WebSockets, fast reads.
handlers: list[Handler] = []

handlers.append(Realtime())  # feature: realtime
# feature: spa
django = Lane(django, api, request_id=request_id)
handlers.append(LoopLane(django))
# end feature: spa
# While developing nothing is collected: static files come from their apps, as in runserver.
application: Any = FrontDoor(StaticFilesHandler(django) if settings.DEBUG else django, handlers)
# feature: metrics
if settings.METRICS_TOKEN:
    from longhouse.metrics.registry import discover
    from longhouse.metrics.requests import Measured

    discover()
    application = Measured(application)
# end feature: metrics
