"""What its documentation asks for, with Redis as its layer."""

import os

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
USE_TZ = True
INSTALLED_APPS = ["channels"]
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": os.environ["BENCH_LAYER"],
        # With `core` each client waits on a connection of its own, and redis-py allows a hundred.
        "CONFIG": {"hosts": [{"address": os.environ["BENCH_REDIS"], "max_connections": 1000}]},
    }
}
