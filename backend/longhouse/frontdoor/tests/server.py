"""The entry of the server that the tests start."""

from django.core.wsgi import get_wsgi_application

from longhouse.frontdoor.door import FrontDoor

application = FrontDoor(get_wsgi_application())
