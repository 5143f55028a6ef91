"""The mailbox: what was sent, for people who try the site without a provider."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from longhouse.frontdoor.csp import CSP, build_policy
from longhouse.mail import files

PAGE_SIZE = 50
# Whatever a mail holds is shown, with its styles, and does nothing.
SANDBOX = build_policy(
    {
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],
        "img-src": ["data:"],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.NONE],
        "frame-ancestors": [CSP.SELF],
    }
)


def _is_open() -> None:
    """Raises Http404 unless somebody is developing here, with mail as files."""
    if not (settings.DEBUG and settings.EMAIL_BACKEND.startswith("longhouse.mail.")):
        raise Http404


@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails; by POST they are deleted."""
    _is_open()
    if request.method == "POST":
        files.delete_all()
        return HttpResponseRedirect(reverse("mailbox"))
    page = Paginator(list(files.mails()), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "mail/mailbox.html", {"page": page})


@require_GET
def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    _is_open()
    return render(request, "mail/mail.html", {"mail": _find(mail_id)})


@require_GET
def mail_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """The HTML part alone, for the frame of the mail's page."""
    _is_open()
    response = HttpResponse(_find(mail_id).html.replace("<a ", '<a target="_blank" '))
    response["Content-Security-Policy"] = SANDBOX
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _find(mail_id: str) -> files.Mail:
    if (found := files.find(mail_id)) is None:
        raise Http404
    return found
