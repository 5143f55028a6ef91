from django.contrib import admin
from django.urls import path

from longhouse.versioning.tests.models import Area

# One that knows nothing of branches.
plain_site = admin.AdminSite(name="plain")
plain_site.register(Area)

urlpatterns = [path("admin/", admin.site.urls), path("plain/", plain_site.urls)]
