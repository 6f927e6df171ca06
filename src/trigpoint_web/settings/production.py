"""Settings of production: everything over HTTPS, nothing by default that ought to be decided.

All that is missing or cannot be read is said at once, when casework starts (docs/deployment.md names each variable).
"""

from __future__ import annotations

from trigpoint_web.settings.base import *  # noqa: F403
from trigpoint_web.settings.base import ENVIRONMENT

SECRET_KEY = ENVIRONMENT.needed(
    "TRIGPOINT_WEB_SECRET_KEY",
    "Set it to at least 50 random characters, and keep it: second factors are encrypted with it",
)
if SECRET_KEY and len(SECRET_KEY) < 50:
    ENVIRONMENT.problems.append(("TRIGPOINT_WEB_SECRET_KEY is too short", "Set it to at least 50 random characters"))
ALLOWED_HOSTS = ENVIRONMENT.words("TRIGPOINT_WEB_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    ENVIRONMENT.problems.append(
        (
            "TRIGPOINT_WEB_HOSTS does not name the hosts",
            "Set it to the names under which people reach casework, with commas",
        )
    )
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # a load balancer asks within the house
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if ENVIRONMENT.switch("TRIGPOINT_WEB_BEHIND_PROXY", False):
    # The proxy in front takes HTTPS off, and must set this header itself whatever it was sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = NINJA_NUM_PROXIES = ENVIRONMENT.number("TRIGPOINT_WEB_PROXIES", 1)

ENVIRONMENT.needed("TRIGPOINT_WEB_SCANNER", "Name a command that checks uploaded files, or write none")
ENVIRONMENT.needed("TRIGPOINT_WEB_DATA", "Name a folder for what casework keeps beside the database")

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = ENVIRONMENT.needed(
    "TRIGPOINT_WEB_MAIL_HOST", "Name the mail server: invitations and new passwords go by mail"
)
EMAIL_PORT = ENVIRONMENT.number("TRIGPOINT_WEB_MAIL_PORT", 587)
EMAIL_HOST_USER = ENVIRONMENT.text("TRIGPOINT_WEB_MAIL_USER")
EMAIL_HOST_PASSWORD = ENVIRONMENT.text("TRIGPOINT_WEB_MAIL_PASSWORD")
EMAIL_USE_TLS = ENVIRONMENT.switch("TRIGPOINT_WEB_MAIL_TLS", True)
DEFAULT_FROM_EMAIL = ENVIRONMENT.needed("TRIGPOINT_WEB_MAIL_FROM", "Give the address that mail comes from")

# Nothing that a person typed or asked for goes into a log: not a path's query, not a form, not an address.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_personal_data": {"()": "trigpoint_web.running.logs.NoPersonalData"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_personal_data"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
ENVIRONMENT.check()
