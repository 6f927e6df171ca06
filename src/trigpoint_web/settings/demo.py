"""Settings of the demo: invented people alone, an embedded database, accounts that the sign-in page shows."""

from __future__ import annotations

from pathlib import Path

from trigpoint_web.settings.base import *  # noqa: F403
from trigpoint_web.settings.base import DATA_FOLDER
from trigpoint_web.settings.secret import kept_secret

DEMO = True
SHOW_COMPONENTS = True
SECRET_KEY = kept_secret(Path(DATA_FOLDER))
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # this machine alone
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # the demo shows what it would have sent
DEMO_RUN = ENVIRONMENT.text("TRIGPOINT_WEB_DEMO_RUN", "build/demo")  # noqa: F405
ENVIRONMENT.check()  # noqa: F405
