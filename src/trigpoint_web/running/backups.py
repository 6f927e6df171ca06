"""Backup and restore of the whole database, with PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from trigpoint.errors import NotFoundError, StoreError
from trigpoint_web.running.starting import as_owner


def write_backup(file: Path) -> Path:
    """The database in one file, in PostgreSQL's own format. Written beside it first, so that no half backup is left.

    Raises StoreError where PostgreSQL's program is missing or fails.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    partly = file.with_name(f"{file.name}.partly")
    with as_owner():
        _run("pg_dump", "--format=custom", "--file", str(partly))
    os.chmod(partly, 0o600)
    partly.replace(file)
    return file


def read_backup(file: Path) -> None:
    """The database as it was in `file`, in one transaction. Raises NotFoundError, or StoreError where it fails."""
    if not file.is_file():
        raise NotFoundError("There is no such backup", where=str(file), mend="Give the file that `backup` wrote")
    with as_owner():
        connection.close()
        _run("pg_restore", "--clean", "--if-exists", "--single-transaction", "--dbname", _database(), str(file))


def _database() -> str:
    given = connection.settings_dict
    words = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    return " ".join(f"{name}='{value}'" for name, value in words.items() if value)


def _run(program: str, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise StoreError(f"{program} is not installed", mend="Install PostgreSQL's client programs")
    where = [] if "--dbname" in options else ["--dbname", _database()]
    password = {"PGPASSWORD": connection.settings_dict["PASSWORD"]} if connection.settings_dict["PASSWORD"] else {}
    call = [found, *where, *options]
    done = subprocess.run(call, check=False, capture_output=True, env=os.environ | password)  # noqa: S603 - ours alone
    if done.returncode:
        # PostgreSQL's own words may hold values of rows: they are not passed on.
        raise StoreError(
            f"{program} stopped with code {done.returncode}; the database is as it was",
            mend="See PostgreSQL's own log; check that the file is a backup and that the versions agree",
        )
