"""Django's settings, derived from ours (`parvis/foundation/settings.py`): nothing here reads the environment."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from parvis.config import security_headers
from parvis.foundation import folders
from parvis.foundation.postgres import addresses
from parvis.foundation.settings import read

PARVIS = read()
DATA_FOLDER = folders.data_folder(PARVIS)

DEBUG = PARVIS.debug
SECRET_KEY = PARVIS.secret_key or folders.kept_secret(DATA_FOLDER, "key")
_SHOWN_HOST = "localhost" if PARVIS.host in {"0.0.0.0", "::"} else PARVIS.host  # noqa: S104 - a comparison
BASE_URL = PARVIS.base_url or f"http://{_SHOWN_HOST}:{PARVIS.port}"
_IS_SECURE = urlsplit(BASE_URL).scheme == "https"

# Hosts are checked by the server before Django (parvis/config/hosts.py), which also knows those that
# organizations declare; a second list here would only disagree with it.
ALLOWED_HOSTS = ["*"]


def _present(*apps: str) -> list[str]:
    # Apps come with their rooms: one that is not built yet is left out instead of breaking the others.
    return [app for app in apps if find_spec(app) is not None]


INSTALLED_APPS = [
    # allauth imports the models of auth, which need contenttypes; ours use neither.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "parvis.foundation",
    *_present(
        "parvis.people",
        "parvis.emoji",
        "parvis.worktime",
        "parvis.spaces",
        "parvis.content",
        "parvis.notifications",
        "parvis.search",
        "parvis.moderation",
        "parvis.delivery",
        "parvis.polls",
        "parvis.previews",
        "parvis.drafts",
        "parvis.webhooks",
        "parvis.topics",
        "parvis.articles",
        "parvis.syndication",
        "parvis.citations",
        "parvis.suggestions",
        "parvis.chat",
        "parvis.announcements",
        "parvis.mail",
        "parvis.push",
        "parvis.imports",
        "parvis.api",
        "parvis.demo",
        "parvis.web",
    ),
]

MIDDLEWARE = [
    "parvis.config.security_headers.SecurityHeadersMiddleware",
    "parvis.config.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "parvis.config.hosts.HostMiddleware",
    # Before whatever looks at the query.
    "parvis.config.addresses.StorableQueryMiddleware",
    # Before whatever looks at the path: what follows does not see the organization's prefix.
    "parvis.people.middleware.OrganizationPathMiddleware",
    "parvis.api.middleware.BearerMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Before anything of a page is read.
    "parvis.foundation.realtime.middleware.LivePositionMiddleware",
    # Binds request.organization and request.viewer, opens the transaction, chooses language and time zone.
    "parvis.people.middleware.OrganizationMiddleware",
    "parvis.web.keeping.KeptPagesMiddleware",
    # Inside the transaction: what a refused request changed before is taken back.
    "parvis.web.errors.DomainErrorsMiddleware",
]

ROOT_URLCONF = "parvis.config.urls"
WSGI_APPLICATION = "parvis.config.wsgi.application"

_HAS_UI = (
    find_spec("parvis.foundation.ui") is not None and find_spec("parvis.foundation.ui.backend") is not None
)
TEMPLATE_CACHE_FOLDER = str(DATA_FOLDER / "cache")
# What a template misses fails while developing and in tests; in production it is logged.
STRICT_TEMPLATES = DEBUG
TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "jinja2",
        "BACKEND": "parvis.foundation.ui.backend.Templates"
        if _HAS_UI
        else "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"context_processors": ["parvis.web.shell.shell"]},
    },
    {
        # Third-party pages only.
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database ---------------------------------------------------------------------------------------------
DATABASES = {
    "default": addresses.for_django(
        addresses.serving(PARVIS, DATA_FOLDER), behind_pooler=PARVIS.database_direct_url is not None
    ),
}
# Connections of our own (LISTEN, jobs) go past a transaction pooler.
DATABASE_DIRECT = addresses.direct(PARVIS, DATA_FOLDER) if PARVIS.database_direct_url is not None else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits count per process: a cache in the database would turn every refused attempt into a write, and
# one process serves one machine. Behind several processes a limit is that many times as wide.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Sign-in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Identity"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ["email"]}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Without a mail server nobody could confirm an address, and so nobody could sign in.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PARVIS.mail_url is not None else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "confirm_email": "1/3m/key",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
if find_spec("parvis.people.sign_in") is not None:
    ACCOUNT_ADAPTER = "parvis.people.sign_in.AccountAdapter"
# Every request would write; parvis/people/middleware.py notes every few minutes that a session is in use.
USERSESSIONS_TRACK_ACTIVITY = False

# Sessions, cookies, headers ---------------------------------------------------------------------------
SESSION_ENGINE = "parvis.people.sessions"
SESSION_COOKIE_NAME = "parvis_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_SECURE
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "parvis_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CONTENT_SECURITY_POLICY = security_headers.CONTENT_SECURITY_POLICY
# The server believes forwarded headers from trusted proxies only, and has set the scheme already.
USE_X_FORWARDED_HOST = False
CSRF_FAILURE_VIEW = "parvis.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# Languages --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each in its own language, so that who cannot read the others finds theirs.
LANGUAGES = [("en", "English"), ("fr", "Français")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "parvis_language"

# Files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
MEDIA_ROOT = str(DATA_FOLDER / "files")
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Mail -------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = PARVIS.mail_from
if PARVIS.mail_url is not None:
    _mail = urlsplit(PARVIS.mail_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[_mail.scheme]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_FOLDER / "mail")
HAS_MAIL_SERVER = PARVIS.mail_url is not None

# Jobs -------------------------------------------------------------------------------------------------
PROCRASTINATE_ON_APP_READY = None

# Logs are set up by the `parvis` command (parvis/config/logs.py), not by Django.
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS: list[str] = []
