"""An identity provider: allauth's own, as a Django project of one file, all state in memory.

python allauth_provider.py PORT CALLBACK: prints "ready" and serves until it is stopped.
"""

import os
import sys
from wsgiref.simple_server import make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

PORT, CALLBACK = int(sys.argv[1]), sys.argv[2]
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # http is enough on this machine
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
settings.configure(
    SECRET_KEY="of-no-value",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "allauth",
        "allauth.account",
        "allauth.idp.oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
    SESSION_COOKIE_NAME="provider_session",
    ACCOUNT_EMAIL_VERIFICATION="none",
    IDP_OIDC_PRIVATE_KEY=key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode(),
)
django.setup()
urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("allauth.idp.urls")),
]

call_command("migrate", verbosity=0)

from allauth.account.models import EmailAddress  # noqa: E402
from allauth.idp.oidc.models import Client  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402

for name, verified in (("known", True), ("claimed", False)):
    email = f"{name}@example.org"
    user = User.objects.create_user(name, email, "longhouse", first_name="Kim", last_name="Known")
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
Client.objects.create(
    id="house",
    secret=make_password("secret"),
    scopes="openid\nprofile\nemail",
    redirect_uris=CALLBACK,
    skip_consent=True,
)
with make_server("127.0.0.1", PORT, get_wsgi_application()) as server:
    print("ready", flush=True)
    server.serve_forever()
