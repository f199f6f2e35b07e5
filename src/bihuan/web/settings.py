"""Django's settings. What an installation chooses is in `environment.SETTINGS`; the rest is settled here."""

import os
from datetime import timedelta
from pathlib import Path

from bihuan.web.databases import database
from bihuan.web.environment import LANGUAGES as LANGUAGE_NAMES
from bihuan.web.environment import read_environment
from bihuan.web.logs import logging_configuration
from bihuan.web.secret import read_secret_key

_chosen = read_environment(os.environ)
_package = Path(__file__).resolve().parent.parent

# Ours
BIHUAN_DATA: Path = _chosen["BIHUAN_DATA"]
BIHUAN_EVIDENCE = BIHUAN_DATA / "evidence"
BIHUAN_INTAKE = BIHUAN_DATA / "intake"
BIHUAN_WAITING = BIHUAN_DATA / "waiting"
BIHUAN_HOST: str = _chosen["BIHUAN_HOST"]
BIHUAN_PORT: int = _chosen["BIHUAN_PORT"]
BIHUAN_MAX_UPLOAD: int = _chosen["BIHUAN_MAX_UPLOAD"]
BIHUAN_TLS_CERTIFICATE: Path | None = _chosen["BIHUAN_TLS_CERTIFICATE"]
BIHUAN_TLS_KEY: Path | None = _chosen["BIHUAN_TLS_KEY"]
BIHUAN_REDIRECT_PORT: int = _chosen["BIHUAN_REDIRECT_PORT"]
BIHUAN_CHOSEN_HOSTS: list[str] = _chosen["BIHUAN_ALLOWED_HOSTS"]
BIHUAN_PROXIES: int = _chosen["BIHUAN_PROXIES"]
BIHUAN_LOCKOUT_MINUTES: int = _chosen["BIHUAN_LOCKOUT_MINUTES"]

DEBUG = False
SECRET_KEY = read_secret_key(BIHUAN_DATA)
ROOT_URLCONF = "bihuan.web.urls"
WSGI_APPLICATION = "bihuan.web.wsgi.application"
DATABASES = {"default": database(url=_chosen["BIHUAN_DATABASE_URL"], data=BIHUAN_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = logging_configuration(data=BIHUAN_DATA, level=_chosen["BIHUAN_LOG_LEVEL"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "bihuan.directory",
    "bihuan.ledger",
    "bihuan.intake",
    "bihuan.workbooks",
    "bihuan.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bihuan.web.headers.closed_headers",
    "bihuan.web.hosts.known_hosts",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Who signs in
AUTH_USER_MODEL = "directory.Account"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Failed sign-ins are counted by account and by address; `lockout` asks before it lets anybody try, so neither
# the library's middleware nor its backend is used.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W003"]
AXES_HANDLER = "bihuan.web.lockout.Handler"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT: int = _chosen["BIHUAN_LOCKOUT_FAILURES"]
AXES_COOLOFF_TIME = timedelta(minutes=BIHUAN_LOCKOUT_MINUTES)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "bihuan.web.lockout.print_of_credentials"
AXES_CLIENT_IP_CALLABLE = "bihuan.web.lockout.address_of"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Language and time
LANGUAGE_CODE = _chosen["BIHUAN_LANGUAGE"]
LANGUAGES = list(LANGUAGE_NAMES.items())
# Every module's catalogue, those included that are no Django app (the mechanism core knows no Django).
LOCALE_PATHS = sorted(_package.glob("*/locale"))
TIME_ZONE = _chosen["BIHUAN_TIME_ZONE"]
USE_TZ = True

# Static files are served from the package itself, so an installation collects and copies nothing.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Pages of another origin have no business with our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Vendored files carry their version in their folder's name and never change.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/vendor/[^/]+-\d[^/]*/"

# Cookies and headers. The names keep two services on one host name apart.
_proxied: bool = _chosen["BIHUAN_HTTPS"]
_https = _proxied or BIHUAN_TLS_CERTIFICATE is not None
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", BIHUAN_HOST, *BIHUAN_CHOSEN_HOSTS]
CSRF_TRUSTED_ORIGINS = _chosen["BIHUAN_TRUSTED_ORIGINS"]
SESSION_COOKIE_NAME = "bihuan_session"
SESSION_COOKIE_AGE = _chosen["BIHUAN_SESSION_HOURS"] * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "bihuan_csrf"
# Forms carry the token in the page, so no script needs to read the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _https
LANGUAGE_COOKIE_NAME = "bihuan_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Browsers heed this header over HTTPS only, and complain of it on a plain intranet address.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if _https else None
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _proxied else None
X_FRAME_OPTIONS = "DENY"
