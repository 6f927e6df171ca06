"""Settings that hold in the demo, in tests and in production alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from trigpoint_web.running.catalogues import compiled_catalogues
from trigpoint_web.running.starting import data_folder
from trigpoint_web.settings.environment import Environment

ENVIRONMENT = Environment()
HERE = Path(__file__).parents[1]
DATA_FOLDER = data_folder()
# The folder that `trigpoint run` works in; timelines are read from it on demand.
PARTNERSHIP_FOLDER = ENVIRONMENT.text("TRIGPOINT_WEB_PARTNERSHIP")
# What people add as documents, and a command that checks it; see casework/documents/scanning.py.
DOCUMENTS_FOLDER = DATA_FOLDER / "documents"
DOCUMENT_SCANNER = ENVIRONMENT.text("TRIGPOINT_WEB_SCANNER", "none").removeprefix("none")
ASSETS_FOLDER = Path(ENVIRONMENT.text("TRIGPOINT_WEB_ASSETS", "build/web-assets")).resolve()

SERVICE_NAME = _("Trigpoint casework")
DEMO = False
DEBUG = False
ROOT_URLCONF = "trigpoint_web.urls"
WSGI_APPLICATION = "trigpoint_web.wsgi.application"

# Apps of casework, in the order in which they build on one another. An app that is not there yet is left out.
ROOMS = ["design", "audit", "accounts", "casework", "review", "response", "publishing", "api", "rights"]
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
    "allauth.idp.oidc",
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
    "trigpoint_web.accounts.middleware.SignedInMiddleware",
    "trigpoint_web.design.middleware.DraftMiddleware",
    "trigpoint_web.accounts.middleware.PurposeMiddleware",
    # Last: runs the page as its person, in one transaction with the audit rows of reading it.
    "trigpoint_web.audit.middleware.PersonMiddleware",
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
                "trigpoint_web.design.context.page",
                "trigpoint_web.accounts.context.sign_in",
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
if DATABASE_GIVEN:  # each process keeps a few connections; one that broke is found out before it is used
    DATABASES["default"]["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 10, "timeout": 4}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who somebody is.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["trigpoint_web.accounts.signing_in.adapters.PeopleBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["email", "full_name"]},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
    }.items()
]
ACCOUNT_ADAPTER = "trigpoint_web.accounts.signing_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody signs up: an administrator of the agency invites them by that address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to who has no account
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds for which a step-up holds
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_FORMS = {
    "login": "trigpoint_web.accounts.forms.LoginForm",
    "change_password": "trigpoint_web.accounts.forms.ChangePasswordForm",
    "reset_password": "trigpoint_web.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "trigpoint_web.accounts.forms.NewPasswordForm",
    "reauthenticate": "trigpoint_web.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "trigpoint_web.accounts.signing_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # a code of 30 seconds ago still counts: phones' clocks differ, and people type slowly
MFA_FORMS = {
    "authenticate": "trigpoint_web.accounts.forms.CodeForm",
    "reauthenticate": "trigpoint_web.accounts.forms.CodeAgainForm",
    "activate_totp": "trigpoint_web.accounts.forms.ActivateCodeForm",
    "add_webauthn": "trigpoint_web.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "trigpoint_web.accounts.forms.RenamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "trigpoint_web.accounts.signing_in.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # an identity provider's verified address opens the account of that address
SOCIALACCOUNT_LOGIN_ON_GET = False
OIDC_ISSUER = ENVIRONMENT.text("TRIGPOINT_WEB_OIDC_ISSUER")
OIDC_HAS_SECOND_FACTOR = ENVIRONMENT.switch("TRIGPOINT_WEB_OIDC_SECOND_FACTOR", False)
OIDC_NAME = ENVIRONMENT.text("TRIGPOINT_WEB_OIDC_NAME", "your organisation's account")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisation",
                "name": OIDC_NAME,
                "client_id": ENVIRONMENT.needed("TRIGPOINT_WEB_OIDC_CLIENT", "Give the client's id at the provider"),
                "secret": ENVIRONMENT.needed("TRIGPOINT_WEB_OIDC_SECRET", "Give the client's secret at the provider"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }

# Agencies' systems: a client of each fetches tokens with its credentials (docs/api.md).
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 900
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
NINJA_NUM_PROXIES = 0  # calls are counted by the address that they come from, not by what a header says

# Sessions end after this long without a page; what was being typed is kept as a draft.
SESSION_COOKIE_AGE = 60 * ENVIRONMENT.number("TRIGPOINT_WEB_SESSION_MINUTES", 30)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # never in a cookie: a notice may quote
SESSION_KEPT_EVERY = min(60, SESSION_COOKIE_AGE // 10)  # seconds after which a page puts the end off again
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PURPOSE_HOURS = 8  # a purpose is asked again after a working day

# For how long a child's record stays (rights/due.py): nothing in law fixes it, so each partnership justifies its own.
KEEP_AFTER_18_YEARS = ENVIRONMENT.number("TRIGPOINT_WEB_KEEP_AFTER_18", 3)
KEEP_IN_CARE_UNTIL_AGE = ENVIRONMENT.number("TRIGPOINT_WEB_KEEP_IN_CARE_UNTIL_AGE", 75)
KEEP_AFTER_LAST_YEARS = ENVIRONMENT.number("TRIGPOINT_WEB_KEEP_AFTER_LAST", 6)  # where no agreement says

# Rate limits are counted in the database, so that all workers count together.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "trigpoint_cache"}
}
CSRF_FAILURE_VIEW = "trigpoint_web.design.failures.csrf_failure"
SHOW_COMPONENTS = False

# Languages, dates, times.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
# Languages whose words were drafted by machine and wait for review: pages say so.
DRAFTED_LANGUAGES = {"cy"}
LOCALE_PATHS = [compiled_catalogues(DATA_FOLDER / "locale")]
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
