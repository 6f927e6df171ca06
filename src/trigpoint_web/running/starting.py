"""Bringing Django up for a command: settings, a database, and errors in plain words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trigpoint.errors import SettingsError

SETTINGS = "DJANGO_SETTINGS_MODULE"
OWNER = "DATABASE_OWNER_URL"


def start_django(*, demo: bool) -> None:
    """Settings, database and apps are ready afterwards. Where no DATABASE_URL is given, the embedded server is started.

    Raises SettingsError where a setting is missing or cannot be right, StoreError where the server does not start.
    """
    if demo:
        os.environ[SETTINGS] = "trigpoint_web.settings.demo"
        os.environ.pop("DATABASE_URL", None)  # invented people never go into a real database
    os.environ.setdefault(SETTINGS, "trigpoint_web.settings.production")
    if not os.environ.get("DATABASE_URL"):
        _start_embedded()
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as fault:
        raise SettingsError("Casework cannot start with these settings", where=str(fault)) from fault


def data_folder() -> Path:
    """Where the database, compiled catalogues and collected assets lie."""
    return Path(os.environ.get("TRIGPOINT_WEB_DATA") or "build/casework").resolve()


def _start_embedded() -> None:
    from trigpoint_web.running.embedded import start_server
    from trigpoint_web.running.roles import WEB_ROLE

    server = start_server(data_folder() / "postgres")
    os.environ["DATABASE_URL"] = server.address(WEB_ROLE)
    os.environ[OWNER] = server.address(server.owner)
    os.environ["PATH"] = f"{server.programs}{os.pathsep}{os.environ.get('PATH', '')}"  # pg_dump of the same version


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block the database is reached as the owner of its tables, to change their shape."""
    from django.db import connection

    from trigpoint_web.settings.environment import database_settings

    address = os.environ.get(OWNER)
    if not address:
        raise SettingsError(
            f"{OWNER} is not set", mend="Set it to the database's address for the role that owns the tables"
        )
    kept = dict(connection.settings_dict)
    _reconnect(database_settings(address))
    try:
        yield
    finally:
        _reconnect({name: kept[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")})


def _reconnect(settings: dict[str, object]) -> None:
    from django.db import connection

    connection.close()
    if "pool" in connection.settings_dict.get("OPTIONS", {}):
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's connection has one
    connection.settings_dict.update({name: value for name, value in settings.items() if name != "ENGINE"})
