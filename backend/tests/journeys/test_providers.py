"""Signing in by another provider, which runs as a process of its own."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from config.env import ROOT
from tests.house import House
from tests.journeys.conftest import PASSWORD, Visitor

PROVIDER = ROOT / "backend" / "tests" / "oidc" / "allauth_provider.py"


@pytest.fixture
def connected(tmp_path: Path) -> Iterator[House]:
    """A house that knows a provider."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    house = House(tmp_path / "house")
    house.environment |= {
        "OIDC_ISSUER": f"http://localhost:{port}",
        "OIDC_CLIENT_ID": "house",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_NAME": "Our directory",
    }
    callback = f"{house.url}/accounts/oidc/oidc/login/callback/"
    command = [sys.executable, str(PROVIDER), str(port), callback]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as provider:
        assert provider.stdout
        try:
            assert any(line == "ready\n" for line in provider.stdout)
            house.start()
            yield house
            house.stop()
        finally:
            provider.terminate()


def test_another_provider_leads_back_to_where_people_wanted_to_go(
    chromium: Browser, connected: House
):
    context = chromium.new_context(base_url=connected.url)
    visitor = Visitor(context, connected)
    visitor.expected = ["favicon.ico"]  # the provider has none
    page = visitor.page
    page.goto("/sign-in?next=/app/account")
    page.get_by_role("button", name="Continue with Our directory").click()
    page.locator("[name=login]").fill("known")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    # Nobody asks again for what the provider has told: its word on the address is believed.
    expect(page).to_have_url(re.compile("/app/account$"))
    expect(page.get_by_role("button", name="Disconnect Our directory")).to_be_visible()
    assert visitor.unexpected() == []
    context.close()
