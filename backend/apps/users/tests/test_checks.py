"""A database with demo accounts is for the machine on which it was made."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone

from apps.users import demo
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_accounts(settings):
    settings.SITE_URL = "https://www.example.org"
    demo.load(now=timezone.now())


def migrate() -> None:
    call_command("migrate", verbosity=0, skip_checks=False)


def test_demo_accounts_are_not_served_to_others(demo_accounts):
    with pytest.raises(SystemCheckError, match=r"sign in as .*admin@demo\.example"):
        migrate()


@pytest.mark.parametrize(
    "change",
    [{"password": make_password("another")}, {"is_active": False}],
    ids=["new password", "inactive"],
)
def test_until_nobody_knows_how_to_sign_in(demo_accounts, change):
    User.objects.exclude(email="admin@demo.example").update(**change)
    with pytest.raises(SystemCheckError, match=r"sign in as admin@demo\.example:"):
        migrate()
    User.objects.update(**change)
    migrate()


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"])
def test_this_machine_may_have_them(demo_accounts, settings, url):
    settings.SITE_URL = url
    migrate()


def test_while_developing_everybody_may(demo_accounts, settings):
    settings.DEBUG = True
    migrate()


def test_settings_are_checked_without_a_database(demo_accounts, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "users.E001" not in {message.id for message in run_checks()}
