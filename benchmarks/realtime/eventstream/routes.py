from django.urls import include, path
from urls import urlpatterns

urlpatterns += [path("events/", include("django_eventstream.urls"), {"channels": ["fanout"]})]
