"""Apart from forms.py, which allauth imports before its own forms are there."""

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """With passkeys in the autofill of the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
