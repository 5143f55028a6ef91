"""Settings that hold everywhere; `dev`, `production` and `test` change what differs."""

from datetime import timedelta  # feature: rest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit  # feature: mail

from config.databases import default_database, sqlite
from config.env import (
    ROOT,
    env,
    require_time_zone,  # feature: museum
)
from config.settings.accounts import *  # feature: accounts
from longhouse.frontdoor.csp import CSP
from longhouse.mail.providers import mail_settings  # feature: mail

BACKEND = ROOT / "backend"
# All state of this machine: databases, uploads, mail, logs.
VAR = Path(env.str("VAR_DIR", default=str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)

SITE_NAME = "Longhouse"
# The public origin, in every link that leaves the site.
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL: str = env.str("SITE_URL", default="") or (CSRF_TRUSTED_ORIGINS or [""])[0]

# Applications ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "apps.core",
    "apps.users",
    "apps.api",  # feature: spa
    "apps.museum",  # feature: museum
    # feature: accounts
    "apps.accounts",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django.contrib.humanize",  # for its templates
    # end feature: accounts
    "apps.audit",  # feature: audit
    "longhouse.mail",  # feature: mail
    # feature: jobs
    "longhouse.jobs",
    "django_tasks",
    # end feature: jobs
    "longhouse.metrics",  # feature: metrics
    "longhouse.realtime",  # feature: realtime
    "longhouse.documents",  # feature: documents
    # feature: workflows
    "longhouse.workflows",
    "apps.operations",
    # end feature: workflows
    # feature: notifications
    "longhouse.notifications",
    "apps.notifications",
    # end feature: notifications
    # feature: rest
    "apps.rest",
    "apps.rest.personal",  # feature: spa
    # end feature: rest
    "longhouse.frontdoor",
    "longhouse.context",  # feature: context
    # feature: versioning
    "longhouse.versioning",
    "apps.versions",
    # end feature: versioning
    "apps.wiki",  # feature: wiki
    "ninja",  # feature: spa
    # feature: rest
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "corsheaders",
    # end feature: rest
    "apps.accounts.admin_config.AdminConfig",  # feature: accounts
    # without accounts: "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "apps.core.middleware.RequestIDMiddleware",
    "apps.rest.middleware.CorsMiddleware",  # feature: rest
    "django.middleware.security.SecurityMiddleware",
    "longhouse.frontdoor.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "longhouse.versioning.middleware.BranchMiddleware",  # feature: versioning
    "apps.audit.middleware.SecurityEventsMiddleware",  # feature: audit
    "allauth.account.middleware.AccountMiddleware",  # feature: accounts
    "apps.users.middleware.TimeZoneMiddleware",
    "apps.core.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BACKEND / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "longhouse.frontdoor.csp.csp",
            ],
        },
    }
]

# Data --------------------------------------------------------------------------------------

DATABASES = {
    "default": default_database(VAR / "db.sqlite3"),
    # The cache's own file, so that its writes never wait for the data's.
    "cache": sqlite(VAR / "cache.sqlite3"),
}
DATABASE_ROUTERS = ["apps.core.cache.CacheRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, Any] = {
    "default": env.cache_url("CACHE_URL")
    if env.str("CACHE_URL", default="")
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# feature: wiki
VERSIONING_ACCESS = "apps.wiki.trust.branch_access"
# Changes of the wiki need the approval of somebody else, from the first migration on.
WIKI_IS_PROTECTED = True
# end feature: wiki

# People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "users.User"
# feature: prepared
# Django's own, reading by prepared queries.
SESSION_ENGINE = "longhouse.prepared.sessions"
# end feature: prepared
AUTHENTICATION_BACKENDS = [
    "longhouse.prepared.auth.ModelBackend",  # feature: prepared
    # without prepared: "django.contrib.auth.backends.ModelBackend",
]
# without accounts: LOGIN_URL = "/admin/login/"
# feature: spa
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/app"
# end feature: spa
# feature: accounts
# without spa: LOGIN_URL = "/accounts/login/"
# end feature: accounts
# without spa: LOGIN_REDIRECT_URL = "/admin/"
# feature: wiki
# without spa: LOGIN_REDIRECT_URL = "/wiki/"
# end feature: wiki
PASSWORD_HASHERS = [
    "apps.users.hashers.Argon2",
    # Hashes of before are read, and replaced at the next sign-in.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# feature: metrics
# What Prometheus has to say to read /metrics; without it nothing is there.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# end feature: metrics

# feature: realtime
# Wake-ups between the server's processes: the database's own, or redis:// and valkey://.
REALTIME_URL = env.str("REALTIME_URL", default="") or "db://"
# end feature: realtime

# feature: mail
# Mail --------------------------------------------------------------------------------------

MAIL_ROOT = VAR / "mail"
EMAIL_BACKEND = "longhouse.mail.files.EmailBackend"
DEFAULT_FROM_EMAIL: str = env.str("EMAIL_FROM", default="") or (
    f"{SITE_NAME} <noreply@{urlsplit(SITE_URL).hostname or 'localhost'}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if EMAIL_URL := env.str("EMAIL_URL", default=""):
    globals().update(mail_settings(EMAIL_URL))

# end feature: mail
# feature: jobs
# Jobs --------------------------------------------------------------------------------------

TASKS: dict[str, Any] = {
    "default": {
        "BACKEND": "longhouse.jobs.backend.JobsBackend",
        # A queue is what workers can be given to, see `manage.py worker --help`.
        "QUEUES": [
            "default",
            "photos",  # feature: museum
        ],
        # A job that is enqueued in a branch runs in it.  # feature: versioning
        "OPTIONS": {"carries": {"branch": "longhouse.versioning.carrying"}},  # feature: versioning
    }
}
# Set: Celery carries the work; unset: the worker's own processes.
BROKER_URL = env.str("BROKER_URL", default="")
JOBS_PROCESSES = env.int("JOBS_PROCESSES", default=2)

# end feature: jobs
# Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

# Files -------------------------------------------------------------------------------------

# feature: frontend
FRONTEND_DIST = Path(env.str("FRONTEND_DIST", default="") or ROOT / "frontend" / "dist")
# end feature: frontend
STATIC_URL = "/static/"
SILENCED_SYSTEM_CHECKS: list[str] = []
# feature: pages
# Scripts and sheets of the pages; not there before the first scripts/build or scripts/dev.
STATICFILES_DIRS = [("pages", FRONTEND_DIST / "pages")]
SILENCED_SYSTEM_CHECKS += ["staticfiles.W004"]
# end feature: pages
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or VAR / "static")
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {"BACKEND": "apps.museum.storage.PrivateStorage"},  # feature: museum
}
# feature: museum
# Uploads that are not served: beside MEDIA_ROOT, never in it.
PRIVATE_ROOT = VAR / "private"
# end feature: museum
FILE_UPLOAD_PERMISSIONS = 0o644
# Text fields of a request; uploads are streamed to disk and limited by FRONTDOOR_MAX_BODY.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MAX_IMAGE_BYTES = 12 * 1024 * 1024
MAX_IMAGE_PIXELS = 25_000_000  # phones take 24

# feature: notifications
# Where a person reads notifications and chooses among them; mails link there.
NOTIFICATIONS_URL = "/app/notifications"  # feature: spa
# feature: wiki
# without spa: NOTIFICATIONS_URL = "/wiki/notifications/"
# end feature: wiki
# end feature: notifications
# Front door --------------------------------------------------------------------------------

# feature: spa
FRONTDOOR_SITE = FRONTEND_DIST / "site"
FRONTDOOR_ROUTES = FRONTEND_DIST / "routes.json"
FRONTDOOR_RETIRED = VAR / "retired-pages.json"
# end feature: spa
FRONTDOOR_THREADS = env.int("WEB_THREADS", default=2)
FRONTDOOR_MAX_BODY = 32 * 1024 * 1024

# Security ----------------------------------------------------------------------------------

SECRET_KEY: str = env.str("DJANGO_SECRET_KEY", default="")
SECRET_KEY_FALLBACKS: list[str] = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("DJANGO_ALLOWED_HOSTS", default=[])

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "longhouse.frontdoor.views.csrf_failure"

SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    # feature: spa
    # SvelteKit's route announcer carries one fixed style attribute.
    "style-src-attr": [CSP.UNSAFE_HASHES, "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='"],
    # end feature: spa
    "img-src": [CSP.SELF, "data:", "blob:"],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [
        CSP.SELF,
        *PROVIDER_ORIGINS,  # feature: accounts
    ],
    "frame-ancestors": [CSP.NONE],
}

# Calls -------------------------------------------------------------------------------------

# feature: spa|rest
# Rows on a page of a list, whichever API answers.
PAGE_SIZE = 20
PAGE_SIZE_MAX = 100
# end feature: spa|rest
# How many reverse proxies of ours stand before the server; 0: the peer is the client.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# feature: spa
NINJA_PAGINATION_PER_PAGE = PAGE_SIZE
NINJA_PAGINATION_MAX_PER_PAGE_SIZE = PAGE_SIZE_MAX
# Our limits read TRUSTED_PROXIES; this is for Ninja's own throttles, which would believe anybody.
NINJA_NUM_PROXIES = TRUSTED_PROXIES
# end feature: spa
# calls/period for one client, its address unless another thing is said
SIGN_IN_RATE = env.str("SIGN_IN_RATE", default="10/m")
UPLOAD_RATE = env.str("UPLOAD_RATE", default="30/m")  # feature: spa
# feature: rest
# Of the public API: for one account, and for one address where nobody signed in.
API_USER_RATE = env.str("API_USER_RATE", default="600/m")
API_ADDRESS_RATE = env.str("API_ADDRESS_RATE", default="120/m")
API_TOKEN_RATE = env.str("API_TOKEN_RATE", default="300/m")  # feature: spa
# end feature: rest
# feature: museum
# Where the museum stands: its nights and days are meant by it.
MUSEUM_TIME_ZONE = env.str("MUSEUM_TIME_ZONE", default="Europe/Berlin")
require_time_zone("MUSEUM_TIME_ZONE", MUSEUM_TIME_ZONE)
# All visitors on one Wi-Fi share an address.
REPORT_RATE = env.str("REPORT_RATE", default="60/h")
# end feature: museum

# feature: context
# Description of the project ----------------------------------------------------------------

CONTEXT_ROOT = ROOT
CONTEXT_ROLES = "apps.users.roles.ROLES"

# end feature: context
# feature: rest
# Public API --------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.rest.personal.authentication.PersonalTokenAuthentication",  # feature: spa
        "apps.rest.authentication.AccessTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",  # with the CSRF token
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": [
        "apps.rest.throttling.UserThrottle",
        "apps.rest.personal.throttling.PersonalTokenThrottle",  # feature: spa
        "apps.rest.throttling.AddressThrottle",
    ],
    "DEFAULT_PARSER_CLASSES": ["apps.rest.parsers.JSONParser"],
    # No browsable API, in development neither: its pages need what our SECURE_CSP forbids.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "apps.rest.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "apps.rest.schema.AutoSchema",
    "EXCEPTION_HANDLER": "apps.rest.problems.handle",
    "NUM_PROXIES": TRUSTED_PROXIES,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.0",
    "TITLE": f"{SITE_NAME}: public API",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.rest.hooks.add_rows",
        "apps.rest.hooks.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        # feature: museum
        "MachineStatus": "apps.museum.models.MachineStatus",
        "PartStatus": "apps.museum.models.PartStatus",
        "Priority": "apps.museum.models.Priority",
        "ReportStatus": "apps.museum.models.ReportStatus",
        # end feature: museum
        # feature: workflows
        "RunState": "longhouse.workflows.models.RunState",
        "StepState": "longhouse.workflows.models.StepState",
        # end feature: workflows
        # feature: versioning
        "BranchStatus": "longhouse.versioning.models.Branch.Status",
        "ConflictChoice": "longhouse.versioning.models.Conflict.Choice",
        "ConflictKind": "longhouse.versioning.models.Conflict.Kind",
        "Verdict": "longhouse.versioning.models.Review.Verdict",
        # end feature: versioning
    },
}
SIMPLE_JWT: dict[str, Any] = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "CHECK_REVOKE_TOKEN": True,  # a new password ends every token
    "UPDATE_LAST_LOGIN": True,
    "TOKEN_OBTAIN_SERIALIZER": "apps.rest.serializers.SignInSerializer",
    "TOKEN_REFRESH_SERIALIZER": "apps.rest.serializers.RotationSerializer",
    "TOKEN_BLACKLIST_SERIALIZER": "apps.rest.serializers.SignOutSerializer",
}
if JWT_SIGNING_KEY := env.str("JWT_SIGNING_KEY", default=""):
    SIMPLE_JWT["SIGNING_KEY"] = JWT_SIGNING_KEY  # else SECRET_KEY
# A client that refreshes twice at the same moment must not lose its sign-in for that.
TOKEN_REUSE_GRACE = timedelta(seconds=10)

# Pages of other origins may call the public API, with tokens; never with our cookies.
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_HEADERS = [
    *("accept", "authorization", "content-type"),
    *("idempotency-key", "if-match", "if-none-match"),
]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Idempotency-Replayed", "X-Request-ID"),
    *("RateLimit", "RateLimit-Policy", "Retry-After"),
]
# end feature: rest

# Logs --------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "apps.core.middleware.RequestIDFilter"}},
    "formatters": {
        "line": {
            "format": "{levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own handlers would print every record a second time.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
