from typing import Any

import pytest


@pytest.fixture(autouse=True)
def slow_authenticator(settings: Any) -> None:
    # No code runs out between being read and being sent.
    settings.MFA_TOTP_PERIOD = 24 * 60 * 60
