"""A small product behind the door, with views that show what arrived."""

import threading
import time
from collections.abc import Iterator
from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template import engines
from django.urls import (
    path,
    re_path,  # feature: spa
)

from longhouse.frontdoor.pages import page  # feature: spa

produced: list[int] = []
ended = threading.Event()
hold = threading.Event()


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def environ(request: HttpRequest) -> JsonResponse:
    shown = {k: v for k, v in request.META.items() if k.isupper() and isinstance(v, str)}
    return JsonResponse(
        shown | {"path": request.path, "query": request.GET.dict(), "length": len(request.body)}
    )


def upload(request: HttpRequest) -> JsonResponse:
    sizes = {name: files[0].size for name, files in request.FILES.lists()}
    return JsonResponse({"files": sizes})


def many(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        try:
            for number in range(int(request.GET.get("n", "100000"))):
                produced.append(number)
                yield b"%08d" % number * 1024
        finally:
            ended.set()

    return StreamingHttpResponse(chunks())


def broken_stream(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        yield b"first"
        raise ValueError("no second")

    return StreamingHttpResponse(chunks())


def download(request: HttpRequest) -> FileResponse:
    return FileResponse(BytesIO(b"d" * 300_000), as_attachment=True, filename="d.bin")


def wait(request: HttpRequest) -> HttpResponse:
    hold.wait(10)
    return HttpResponse("waited")


def sleep(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["s"]))
    return HttpResponse("slept")


def database(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse(
        {"thread": threading.current_thread().name, "connection": id(connection.connection)}
    )


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("cookies", headers={"X-Name": "caf\u00e9"})
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


def inline(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string('<script nonce="{{ csp_nonce }}">1</script>')
    return HttpResponse(template.render({}, request))


def own_headers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("own", headers={"Permissions-Policy": "camera=(self)"})


def forbidden(request: HttpRequest) -> HttpResponseBase:
    raise PermissionDenied


def failing(request: HttpRequest) -> HttpResponseBase:
    raise RuntimeError("secret detail")


urlpatterns = [
    path("hello", hello),
    path("slashed/", hello),
    path("environ/<path:rest>", lambda request, rest: environ(request)),
    path("environ", environ),
    path("upload", upload),
    path("many", many),
    path("broken-stream", broken_stream),
    path("download", download),
    path("wait", wait),
    path("sleep", sleep),
    path("database", database),
    path("cookies", cookies),
    path("inline", inline),
    path("own-headers", own_headers),
    path("forbidden", forbidden),
    path("failing", failing),
    path("api/failing", failing),
    re_path(r"^(?P<path>.*)$", page),  # feature: spa
]
handler400 = "longhouse.frontdoor.views.bad_request"
handler403 = "longhouse.frontdoor.views.permission_denied"
handler404 = "longhouse.frontdoor.views.not_found"
handler500 = "longhouse.frontdoor.views.server_error"
