import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from longhouse.mail import files


@pytest.fixture(autouse=True)
def developing(tmp_path, settings):
    settings.MAIL_ROOT = tmp_path / "mail"
    settings.EMAIL_BACKEND = "longhouse.mail.files.EmailBackend"
    settings.DEBUG = True


@pytest.fixture
def mail():
    text, html = "see https://example.org/x", "<script>alert(1)</script><a href='/x'>x</a>"
    message = EmailMultiAlternatives("Hello <script>", text, to=["a@b.example"])
    message.attach_alternative(html, "text/html")
    message.send()
    (found,) = files.mails()
    return found


def test_the_mailbox_lists_and_leads_on(client, mail):
    page = client.get("/dev/mail/").content.decode()
    assert "Hello &lt;script&gt;" in page
    assert f"/dev/mail/{mail.id}" in page
    page = client.get(f"/dev/mail/{mail.id}").content.decode()
    assert '<a href="https://example.org/x" rel="nofollow">' in page
    assert f'src="/dev/mail/{mail.id}/html"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


def test_an_empty_mailbox_says_what_to_do(client):
    assert "Nothing was sent yet" in client.get("/dev/mail/").content.decode()


def test_what_a_mail_holds_cannot_run(client, mail):
    answer = client.get(f"/dev/mail/{mail.id}/html")
    policy = answer["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_all_can_be_deleted_by_who_sees_the_page(mail):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/dev/mail/").status_code == 403
    assert len(list(files.mails())) == 1
    token = browser.get("/dev/mail/").cookies["csrftoken"].value
    assert browser.post("/dev/mail/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert list(files.mails()) == []


def test_pages(client, monkeypatch):
    monkeypatch.setattr("longhouse.mail.views.PAGE_SIZE", 2)
    for number in range(3):
        EmailMultiAlternatives(f"Mail {number}", "x", to=["a@b.example"]).send()
    assert "Mail 0" not in client.get("/dev/mail/").content.decode()
    assert "Mail 0" in client.get("/dev/mail/?page=2").content.decode()


SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize("change", [{"DEBUG": False}, {"EMAIL_BACKEND": SMTP}])
def test_it_is_closed_where_nobody_develops(client, mail, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    for path in ("", mail.id, f"{mail.id}/html"):
        assert client.get(f"/dev/mail/{path}").status_code == 404


def test_a_mail_that_is_gone_is_not_found(client, mail):
    files.delete_all()
    assert client.get(f"/dev/mail/{mail.id}").status_code == 404
