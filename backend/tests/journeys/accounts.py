"""What journeys of accounts need beside a browser: the mail that was sent, an authenticator app."""

import email
import email.policy
import re
import time
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.house import House

PERIOD = 30  # seconds that a code of an authenticator app lasts
MARGIN = 5  # seconds that one must still last to be typed in


def mails(house: House, to: str) -> list[str]:
    """Texts of the mails to an address, the newest first."""
    found = []
    for path in sorted((house.folder / "mail").glob("*.eml"), reverse=True):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if to in str(message["to"]):
            body = message.get_body(("plain",))
            assert body is not None, path
            found.append(str(body.get_content()))
    return found


def code_for(house: House, to: str) -> str:
    """The code in the newest mail to an address."""
    [code] = re.findall(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", mails(house, to)[0], re.MULTILINE)
    return str(code)


def link_for(house: House, to: str) -> str:
    """The link in the newest mail to an address."""
    [link] = set(re.findall(r"https?://\S+/account/\S+", mails(house, to)[0]))
    return str(link)


class AuthenticatorApp:
    """What a phone does: six digits for each half minute; the house takes none twice."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.used = 0

    def code(self) -> str:
        while True:
            now, gone = divmod(int(time.time()), PERIOD)
            if now != self.used and gone < PERIOD - MARGIN:
                break
            time.sleep(0.5)
        self.used = now
        return format_hotp_value(hotp_value(self.secret, self.used))


TELL_WHEN_ASKED = """{
    const ask = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) => {
        document.documentElement.dataset.passkey = "asked";
        return ask(options);
    };
}"""


class PasskeyDevice:
    """A virtual device in which a page keeps passkeys.

    It says yes to what is asked while its owner is `there`, by a field's autofill too; what was
    asked before stays without an answer.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(TELL_WHEN_ASKED)
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = made["authenticatorId"]

    def owner(self, *, there: bool) -> None:
        options = {"authenticatorId": self.id, "enabled": there}
        self.devtools.send("WebAuthn.setAutomaticPresenceSimulation", options)

    def wait_until_asked(self) -> None:
        """For the field's autofill, whose request stays without an answer then."""
        expect(self.page.locator("html[data-passkey=asked]")).to_be_attached()
        self.page.wait_for_timeout(500)  # from the page to the device, which tells nobody


def wait_for(page: Page, path: str) -> None:
    """Until this page is open; a query, such as `next`, may name others."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def prove_by_password(page: Page, password: str) -> None:
    """Answer the dialog that asks who somebody is."""
    dialog = page.get_by_role("dialog", name="Confirm that it is you")
    dialog.get_by_label("Your password").fill(password)
    dialog.get_by_role("button", name="Continue").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.wait_for_url(re.compile(r":\d+/$"))
