"""What tests of casework share: a PostgreSQL server from the wheel, started once for the session.

pytest-django gives each test a transaction that is rolled back, a count of queries, and a database per worker.
"""

from __future__ import annotations

import pytest
from django.conf import settings

from trigpoint_web.running.embedded import Embedded, start_server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    """A server of its own for this worker; it stops when the tests end."""
    return start_server(tmp_path_factory.mktemp("postgres") / "data")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Embedded, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tests connect as the tables' owner; what must hold for `trigpoint_web` is tested with SET ROLE."""
    settings.DATABASES["default"] |= {"HOST": postgres.host, "USER": postgres.owner, "NAME": "trigpoint"}
