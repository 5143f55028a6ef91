import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection

from longhouse.mail import files
from longhouse.mail.checks import mail_leaves_this_machine


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.MAIL_ROOT = tmp_path / "mail"
    settings.EMAIL_BACKEND = "longhouse.mail.files.EmailBackend"
    return settings.MAIL_ROOT


def mail(subject: str = "Hello", to: str = "pia@example.org") -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(subject, "the text", "us@example.org", [to])
    message.attach_alternative("<p>the page</p>", "text/html")
    message.attach("bill.txt", "12 euros")
    return message


def test_what_is_sent_can_be_read_again():
    assert mail("Grüße").send() == 1
    (found,) = files.mails()
    assert (found.subject, found.sender, found.recipients) == (
        *("Grüße", "us@example.org"),
        "pia@example.org",
    )
    assert (found.text.strip(), found.html.strip()) == ("the text", "<p>the page</p>")
    assert found.attachments == ["bill.txt"]
    again = files.find(found.id)
    assert again is not None
    assert again.subject == found.subject


def test_a_mail_to_nobody_is_not_kept():
    assert EmailMessage("Hello", "text", to=[]).send() == 0
    assert list(files.mails()) == []


def test_many_at_once_are_all_whole(folder):
    def send(number):
        return get_connection().send_messages([mail(f"Mail {number}") for _ in range(5)])

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(16))) == 80
    assert len(list(files.mails())) == 80
    assert all(found.text.strip() == "the text" for found in files.mails())
    assert {path.suffix for path in folder.iterdir()} == {".eml"}


def test_the_oldest_go(monkeypatch):
    monkeypatch.setattr(files, "KEPT", 3)
    for number in range(5):
        mail(f"Mail {number}").send()
    assert [found.subject for found in files.mails()] == ["Mail 4", "Mail 3", "Mail 2"]


def test_a_killed_process_leaves_no_half_mail(folder):
    killed = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
import django; django.setup()
from pathlib import Path
from longhouse.mail import files
Path.rename = lambda *_: os.kill(os.getpid(), 9)
folder = Path(sys.argv[1]); folder.mkdir(parents=True)
files._write(folder, b"Subject: half")
"""
    done = subprocess.run([sys.executable, "-c", killed, str(folder)], check=False)
    assert done.returncode == -9
    assert len(list(folder.iterdir())) == 1
    assert list(files.mails()) == []


@pytest.mark.parametrize("name", ["../secret", "nothing", "/etc/passwd"])
def test_only_mails_are_found(folder, name):
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret")
    assert files.find(name) is None


def test_a_check_tells_that_nobody_gets_mail(settings):
    assert [message.id for message in mail_leaves_this_machine()] == ["mail.W001"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert mail_leaves_this_machine() == []
