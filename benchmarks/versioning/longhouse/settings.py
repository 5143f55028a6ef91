from settings_of_all import *

INSTALLED_APPS.insert(0, "longhouse.versioning")
DATABASES["default"]["ENGINE"] = DATABASES["default"]["ENGINE"].replace(
    "django.db", "longhouse.versioning"
)
