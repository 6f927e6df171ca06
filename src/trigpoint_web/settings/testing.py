"""Settings for tests: everything as in production but for speed, and a database that the tests start."""

from __future__ import annotations

from trigpoint_web.settings.base import *  # noqa: F403
from trigpoint_web.settings.base import STATIC_ROOT, STORAGES

SECRET_KEY = "invented: used by tests alone"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash proves nothing here
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SHOW_COMPONENTS = True
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # assets as they were built, without collecting them
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
