"""Is casework there yet? Asked of the health check, by a process that started casework in another."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep


def wait_until_well(port: int, *, seconds: int) -> bool:
    """Whether casework on this machine's `port` says that it is well before so many `seconds` have passed."""
    until = monotonic() + seconds
    while not _answers_well(port):
        if monotonic() > until:
            return False
        sleep(0.5)
    return True


def _answers_well(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
