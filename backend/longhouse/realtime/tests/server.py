"""The entry of the servers that the tests start: stock Django, with our paths before it."""

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from longhouse.realtime.endpoints import Realtime  # noqa: E402 - only now are the apps there

realtime = Realtime()
application = realtime.before(django)
