"""Mail as files: what is sent while there is no provider, and read again on the mailbox page."""

import email
import email.policy
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage as Parsed
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from uuid_utils import uuid7

KEPT = 500  # mails; the oldest go
SUFFIX = ".eml"


class EmailBackend(BaseEmailBackend):
    """For EMAIL_BACKEND: one file for each mail, in MAIL_ROOT; whole, or not there at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = root()
        folder.mkdir(parents=True, exist_ok=True)
        sent = 0
        for message in email_messages:
            if message.recipients():
                _write(folder, message.message().as_bytes())
                sent += 1
        for path in _paths(folder)[KEPT:]:
            path.unlink(missing_ok=True)
        return sent


def root() -> Path:
    return Path(settings.MAIL_ROOT)


def _write(folder: Path, content: bytes) -> None:
    # The name sorts by time. What a killed process leaves has another ending, and is no mail.
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).rename(folder / f"{uuid7()}{SUFFIX}")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _paths(folder: Path) -> list[Path]:
    """The newest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True)


@dataclass(frozen=True)
class Mail:
    id: str
    parsed: Parsed

    @property
    def subject(self) -> str:
        return str(self.parsed["subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.parsed["from"] or "")

    @property
    def recipients(self) -> str:
        return ", ".join(str(self.parsed[name]) for name in ("to", "cc") if self.parsed[name])

    @property
    def date(self) -> str:
        return str(self.parsed["date"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or "unnamed" for part in self.parsed.iter_attachments()]

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.parsed.items()]

    def _part(self, kind: str) -> str:
        part = self.parsed.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def mails() -> Iterator[Mail]:
    """All that are kept, the newest first."""
    for path in _paths(root()):
        if mail := _read(path):
            yield mail


def find(mail_id: str) -> Mail | None:
    path = root() / f"{mail_id}{SUFFIX}"
    return _read(path) if path.parent == root() else None


def delete_all() -> None:
    for path in _paths(root()):
        path.unlink(missing_ok=True)


def _read(path: Path) -> Mail | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # deleted meanwhile
        return None
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    return Mail(path.stem, parsed)
