from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from apps.users.models import User


class SignUpForm(forms.Form):
    """What signing up asks for beside email and password, in every form and API."""

    display_name = forms.CharField(
        label="Your name",
        max_length=User._meta.get_field("display_name").max_length,
        help_text="Others see it beside what you do here.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """allauth wants this; AccountAdapter.save_user has stored the name already."""
