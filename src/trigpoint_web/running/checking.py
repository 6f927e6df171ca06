"""`trigpoint web check`: everything that casework needs, looked at one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from trigpoint.errors import SettingsError

Problem = tuple[str, str]


def check_all() -> list[str]:
    """One line for each thing that is in order. Raises SettingsError with all that is not, and how to mend it."""
    problems = [problem for look in LOOKS for problem in look()]
    if problems:
        raise SettingsError(
            "; ".join(what for what, _ in problems), mend=". ".join(dict.fromkeys(mend for _, mend in problems))
        )
    return ["Settings, database, tables, role, assets and Welsh are in order."]


def _django() -> Iterator[Problem]:
    for found in run_checks(include_deployment_checks=not settings.DEMO):
        if found.level >= ERROR:
            yield f"{found.id}: {found.msg}", found.hint or "See Django's documentation of that check"


def _database() -> Iterator[Problem]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, rolsuper FROM pg_roles WHERE rolname=current_user"
            )
            version, superuser = cursor.fetchone() or (0, False)
    except DatabaseError:
        yield "The database does not answer", "Check DATABASE_URL, and that the server runs"
        return
    if version < 150000:
        yield "PostgreSQL is older than 15", "Use PostgreSQL 15 or newer"
    if superuser:
        yield (
            "Casework connects as a superuser, whom row-level security does not bind",
            "Use a role that owns no tables",
        )


def _tables() -> Iterator[Problem]:
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return  # said already
    if behind:
        yield f"{len(behind)} changes of tables were not made yet", "Run: trigpoint web migrate"


def _assets() -> Iterator[Problem]:
    if not (settings.ASSETS_FOLDER / "casework" / "casework.css").exists():
        yield "Style sheets and scripts were not built", "Run: make assets"


def _welsh() -> Iterator[Problem]:
    from trigpoint_web.running.words import without_welsh

    if missing := without_welsh():
        yield f"{len(missing)} words and sentences have no Welsh", "Translate them in locale/cy"


LOOKS: list[Callable[[], Iterator[Problem]]] = [_django, _database, _tables, _assets, _welsh]
