"""Views that do what a product's views do around a sign-in."""

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from apps.audit.models import Kind
from apps.audit.services import record
from apps.users.models import User


def sign_in(request: HttpRequest) -> HttpResponse:
    user = authenticate(request, username=request.POST["email"], password=request.POST["password"])
    if user is None:
        raise PermissionDenied
    login(request, user)
    return HttpResponse("in")


def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponse("out")


@transaction.atomic
def refuse(request: HttpRequest) -> HttpResponse:
    """All that was written goes; the events stay, even of a person who never came to be."""
    record(Kind.TOKEN_REUSED, request=request, user=User.objects.get(pk=request.POST["person"]))
    never = User.objects.create_user("never@example.org", display_name="Never")
    record(Kind.SIGN_UP, request=request, user=never)
    raise PermissionDenied


def promote(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.POST["person"])
    user.is_staff = True
    user.save()
    user.groups.add(Group.objects.get_or_create(name="keepers")[0])
    return HttpResponse("promoted")


urlpatterns = [
    path("in", sign_in),
    path("out", sign_out),
    path("refuse", refuse),
    path("promote", promote),
]
