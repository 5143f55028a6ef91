"""One small Django project, entered in every way that is compared. Started by suite.py."""

import os
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

HOME = Path(os.environ.get("BENCH_HOME") or tempfile.mkdtemp())

settings.configure(
    SECRET_KEY="benchmark",  # noqa: S106 - of no value
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["longhouse.frontdoor"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "db.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
        }
    },
    USE_TZ=True,
    STATIC_URL="/static/",
    STATIC_ROOT=HOME / "static",
    FRONTDOOR_THREADS=int(os.environ.get("BENCH_THREADS", "2")),
    LOGGING_CONFIG=None,
)
django.setup()


class Maker(models.Model):  # noqa: DJ008
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "bench"


class Machine(models.Model):  # noqa: DJ008
    name = models.CharField(max_length=50)
    year = models.IntegerField(db_index=True)
    maker = models.ForeignKey(Maker, on_delete=models.CASCADE)

    class Meta:
        app_label = "bench"


def hello(_: HttpRequest) -> HttpResponse:
    return HttpResponse("hello, world")


def machines(_: HttpRequest) -> JsonResponse:
    """Ten rows with a join: about a millisecond of ORM on an idle machine."""
    rows = Machine.objects.select_related("maker").filter(year__gte=1960).order_by("name")[:10]
    found = [{"id": m.pk, "name": m.name, "year": m.year, "maker": m.maker.name} for m in rows]
    return JsonResponse({"machines": found})


urlpatterns = [path("hello", hello), path("machines", machines)]


def prepare() -> None:
    """The database and the static file that every candidate serves."""
    with connection.schema_editor() as editor:
        editor.create_model(Maker)
        editor.create_model(Machine)
    makers = [Maker.objects.create(name=f"Maker {n}") for n in range(10)]
    Machine.objects.bulk_create(
        Machine(name=f"Machine {n:04}", year=1950 + n % 70, maker=makers[n % 10])
        for n in range(1000)
    )
    (HOME / "static").mkdir()
    (HOME / "static" / "page.css").write_text(".card { color: red }\n" * 480)  # about 10 kB


if __name__ == "__main__":
    prepare()
    sys.exit()

entry = os.environ["BENCH_ENTRY"]
if entry == "asgi":
    from django.core.asgi import get_asgi_application

    application = get_asgi_application()
else:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    if entry == "door":
        from longhouse.frontdoor.door import FrontDoor

        application = FrontDoor(application)
    elif entry == "rsgi":
        from rsgi import RSGIDoor

        application = RSGIDoor(application)
