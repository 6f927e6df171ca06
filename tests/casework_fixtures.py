"""What tests of casework share, in `tests/web` and in the browser: a PostgreSQL server, and somebody signed in.

pytest-django gives each test a transaction that is rolled back, a count of queries, and a database per worker.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from trigpoint_web.accounts.middleware import PURPOSE, SECOND_FACTOR
from trigpoint_web.accounts.models import User
from trigpoint_web.audit.models import Purpose
from trigpoint_web.running.embedded import Embedded, start_server


@pytest.fixture(scope="session")
def postgres() -> Embedded:
    """A server of its own for this worker; it stops when the tests end, and then its folder goes.

    Not in pytest's folder for the session: the next pytest that starts takes everybody else's rights to that away,
    and PostgreSQL runs as somebody else where the tests run as root.
    """
    folder = Path(tempfile.mkdtemp(prefix="trigpoint-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # runs last: the server stops before it
    return start_server(folder / "data")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Embedded, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tests connect as the tables' owner; what must hold for `trigpoint_web` is tested with SET ROLE."""
    settings.DATABASES["default"] |= {"HOST": postgres.host, "USER": postgres.owner, "NAME": "trigpoint"}


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database goes with its server, whoever is still connected to it."""
    return True


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """Sign somebody in as if with a password and a second factor; with a purpose where one is named."""

    def sign_in(user: User, *, purpose: str | None = "safeguarding", client: Client | None = None) -> Client:
        browser = client or Client()
        browser.force_login(user)
        session = browser.session
        session[SECOND_FACTOR] = True
        if purpose:
            session[PURPOSE] = Purpose.objects.create(user=user, code=purpose).pk
        session.save()
        return browser

    return sign_in


@pytest.fixture(scope="session", autouse=True)
def emptied_with_the_audit() -> Iterator[None]:
    """Between tests that commit, tables are emptied; the audit refuses that of everybody, so its triggers rest then.

    Only the owner of a server can do so. The chain begins anew afterwards, as the migrations left it.
    """
    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", _empty)
    yield
    patch.undo()


def _empty(operations: DatabaseOperations, sql_list: list[str]) -> None:
    with transaction.atomic(), operations.connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        for sql in sql_list:
            cursor.execute(sql)
        cursor.execute("insert into audit_chainhead (id, seq, hash) values (1, 0, decode(repeat('00', 32), 'hex'))")
