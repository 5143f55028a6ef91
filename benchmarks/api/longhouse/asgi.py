"""The server's entry, as backend/config/asgi.py makes it."""

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

import shop.urls  # noqa: E402, F401 - a mistake there stops the start

from longhouse.frontdoor.door import FrontDoor  # noqa: E402

application = FrontDoor(django)
