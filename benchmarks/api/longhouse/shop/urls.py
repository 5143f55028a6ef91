"""The house's own API object, with the operations that SHOP_ROUTER names."""

import os

from django.urls import path

from apps.api.api import api

api.add_router("", os.environ["SHOP_ROUTER"])

urlpatterns = [path("api/", api.urls)]
