"""Accounts: who may sign up, how people sign in, which other providers they may come from."""

from typing import Any
from urllib.parse import urlsplit

from config.env import env

ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
HEADLESS_ADAPTER = "apps.accounts.adapters.HeadlessAdapter"
MFA_ADAPTER = "apps.accounts.adapters.MFAAdapter"
SOCIALACCOUNT_ADAPTER = "apps.accounts.adapters.SocialAccountAdapter"

# Closed unless somebody opens it: an open door lets strangers fill the database, and have mail sent
# to anybody. Accounts are then made in the admin.
SIGN_UP = env.str("SIGN_UP", default="closed")
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.forms.SignUpForm"
ACCOUNT_FORMS = {"login": "apps.accounts.sign_in_form.SignInForm"}

# Email is the name that people sign in by ----------------------------------------------------

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
# By a code that is typed where the sign-up began. allauth has no link beside it, and none is
# missed: a link signs nobody in on the device where the mail happened to be opened.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True

# Security --------------------------------------------------------------------------------------

# The same answer and the same work, whether or not there is such an account.
ACCOUNT_PREVENT_ENUMERATION = True
# Tell people by mail when their password, addresses, factors or connected accounts change.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Attempts of one client as SIGN_IN_RATE says; those that failed count together with the tokens',
# and for one account whatever the client. allauth's own defaults hold for the rest.
_PER_CLIENT = f"{env.str('SIGN_IN_RATE', default='10/m')}/ip"
ACCOUNT_RATE_LIMITS = {"login": _PER_CLIENT, "login_failed": f"{_PER_CLIENT},5/5m/key"}
# Tells the log of security events which sessions were ended from another one.
USERSESSIONS_ADAPTER = "apps.accounts.events.SessionsAdapter"
# One write at sign-in, none for each request.
USERSESSIONS_TRACK_ACTIVITY = False

# Second factors --------------------------------------------------------------------------------

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = True
# Whether the admin site and tokens are for staff with a second factor only.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=False)
TOKEN_SIGN_IN = "apps.accounts.services.sign_in_for_token"  # noqa: S105  # feature: rest

# The API of the browser ----------------------------------------------------------------------

FRONTDOOR_API_PREFIXES = ("/api/", "/_allauth/")  # errors are problem+json there
HEADLESS_CLIENTS = ("browser",)
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None  # its pages load scripts from other hosts

# Other providers: each is offered when its keys are set ----------------------------------------

SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {"provider_class": "apps.accounts.providers.OpenIDConnect"}
}
# Where the forms of /accounts/ lead on to: browsers ask the policy of the page before they follow.
PROVIDER_ORIGINS: list[str] = []
# Whoever runs the site chose these providers, and believes them about addresses that they call
# verified: such a sign-in opens the account of that address, and its second factor is asked for.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
if GITHUB_CLIENT_ID := env.str("GITHUB_CLIENT_ID", default=""):
    SOCIALACCOUNT_PROVIDERS["github"] = {
        "APPS": [{"client_id": GITHUB_CLIENT_ID, "secret": env.str("GITHUB_CLIENT_SECRET")}],
        "SCOPE": ["read:user", "user:email"],
    }
    PROVIDER_ORIGINS.append("https://github.com")
if GOOGLE_CLIENT_ID := env.str("GOOGLE_CLIENT_ID", default=""):
    SOCIALACCOUNT_PROVIDERS["google"] = {
        "APPS": [{"client_id": GOOGLE_CLIENT_ID, "secret": env.str("GOOGLE_CLIENT_SECRET")}],
        "SCOPE": ["openid", "profile", "email"],
        "OAUTH_PKCE_ENABLED": True,
    }
    PROVIDER_ORIGINS.append("https://accounts.google.com")
if OIDC_ISSUER := env.str("OIDC_ISSUER", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] |= {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("OIDC_NAME", default="Single sign-on"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }
    PROVIDER_ORIGINS.append("{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER)))
