"""Settings that hold in the demo, in tests and in production alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from trigpoint_web.settings.environment import Environment

ENVIRONMENT = Environment()
HERE = Path(__file__).parents[1]
DATA_FOLDER = Path(ENVIRONMENT.text("TRIGPOINT_WEB_DATA", "casework-data")).resolve()
ASSETS_FOLDER = Path(ENVIRONMENT.text("TRIGPOINT_WEB_ASSETS", "build/web-assets")).resolve()

SERVICE_NAME = _("Trigpoint casework")
DEMO = False
DEBUG = False
ROOT_URLCONF = "trigpoint_web.urls"
WSGI_APPLICATION = "trigpoint_web.wsgi.application"

# Apps of casework, in the order in which they build on one another. An app that is not there yet is left out.
ROOMS = ["design", "audit", "accounts", "casework", "review", "response", "publishing", "api"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    *[f"trigpoint_web.{room}" for room in ROOMS if (HERE / room / "__init__.py").exists()],
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# The database. Where no address is given, `trigpoint web` starts one in the data folder and fills these in.
DATABASE_GIVEN = ENVIRONMENT.database("DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = {
    "default": DATABASE_GIVEN or {"ENGINE": "django.db.backends.postgresql", "NAME": "trigpoint"}
}
DATABASES["default"] |= {"ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who somebody is.
AUTH_USER_MODEL = "accounts.User"

# Languages, dates, times.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# Built assets: made by `make assets` outside the repository, served by whitenoise.
STATIC_URL = "static/"
STATICFILES_DIRS = [ASSETS_FOLDER] if ASSETS_FOLDER.is_dir() else []
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# No inline script or style anywhere, so no nonce is needed either.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
