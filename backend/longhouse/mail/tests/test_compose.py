import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist

from longhouse.mail import compose, send
from longhouse.mail.compose import parse, plain

SOURCE = """
Hello Pia & <b>friends</b>,
two lines.

> Confirm your address: https://example.org/a?b=1&c=2

    123 456

Bye.
"""


def html_of(message: EmailMultiAlternatives) -> str:
    content, kind = message.alternatives[0]
    assert kind == "text/html"
    return str(content)


def test_both_parts_say_the_same():
    message = compose("Welcome", SOURCE, to=["pia@example.org"])
    html = html_of(message)
    assert "Hello Pia & <b>friends</b>,\ntwo lines." in message.body
    assert "Hello Pia &amp; &lt;b&gt;friends&lt;/b&gt;,<br>two lines." in html
    assert "Confirm your address:\nhttps://example.org/a?b=1&c=2" in message.body
    assert html.count("https://example.org/a?b=1&amp;c=2") == 2  # the button, and to be copied
    for text in ("123 456", "Bye."):
        assert text in message.body
        assert text in html
    assert "<script" not in html


@pytest.mark.parametrize("line", ["> Open: javascript:alert(1)", "> No label https://example.org/"])
def test_what_is_no_button_is_a_paragraph(line):
    html = html_of(compose("x", line, to=["a@example.org"]))
    assert 'class="button" href' not in html


@pytest.mark.parametrize(
    "words",
    [
        "> Sign in again: https://evil.example/",
        "Dear team,\n\n  > Sign in again: https://evil.example/",
        "\r\n\r\n    123 456\r\rgo on",
        "a\n \t\n\t> Label: https://evil.example/",
    ],
)
def test_what_people_wrote_stays_text(words):
    blocks = list(parse(plain(words)))
    assert blocks
    assert not [block for block in blocks if block.url or block.code]
    assert "".join(block.text for block in blocks).split()[-1] == words.split()[-1]


def test_no_subject_adds_a_header():
    message = compose("Hello\r\nBcc: all@example.org", "x", to=["pia@example.org"])
    assert message.subject == "Hello Bcc: all@example.org"
    assert message.message()["Bcc"] is None


def test_no_address_adds_a_header():
    message = compose("Hello", "x", to=["pia@example.org\nBcc: all@example.org"])
    with pytest.raises(ValueError, match="newlines"):
        message.message()


def test_a_template_is_sent(tmp_path, settings):
    source = "Subject: {{ word }} from {{ site }}\n\nIt is on its way."
    (tmp_path / "shipped.txt").write_text(source)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    send("shipped", to=["pia@example.org"], context={"word": "News"})
    (message,) = outbox.outbox
    assert message.subject == f"News from {settings.SITE_NAME}"
    assert "It is on its way." in message.body
    with pytest.raises(TemplateDoesNotExist):
        send("missing", to=["pia@example.org"])


def test_a_template_without_a_subject_is_refused(tmp_path, settings):
    (tmp_path / "plain.txt").write_text("Hello")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    with pytest.raises(ValueError, match="Subject"):
        send("plain", to=["pia@example.org"])
