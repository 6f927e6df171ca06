"""The scanner: every file goes past it before it is kept. A file that nobody could check is not kept.

Without a scanner's command only the test file of the anti-virus industry (EICAR) is known, which proves that the hook
is there. In production TRIGPOINT_WEB_SCANNER names a command that reads the file on its standard input and answers
with 0 for clean and 1 for harmful, such as `clamdscan --no-summary -`.
"""

from __future__ import annotations

import shlex
import subprocess
from typing import IO, Final

from django.conf import settings

from trigpoint.errors import StoreError

# In two parts, so that no scanner takes this module for the test file.
TEST_FILE: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"
AT_MOST: Final = 120  # seconds


def is_harmful(file: IO[bytes]) -> bool:
    """Whether the scanner finds something. Raises StoreError where it does not answer: then nothing is kept."""
    file.seek(0)
    found = _has_test_file(file) or _command_says_so(file)
    file.seek(0)
    return found


def _has_test_file(file: IO[bytes]) -> bool:
    """Read piece by piece, each with the end of the one before."""
    before = b""
    while piece := file.read(1024 * 1024):
        if TEST_FILE in before + piece:
            return True
        before = piece[-len(TEST_FILE) :]
    return False


def _command_says_so(file: IO[bytes]) -> bool:
    command = shlex.split(getattr(settings, "DOCUMENT_SCANNER", ""))
    if not command:
        return False
    file.seek(0)
    try:
        done = subprocess.run(command, input=file.read(), capture_output=True, timeout=AT_MOST, check=False)  # noqa: S603 - the settings' own command
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise _silent() from fault
    if done.returncode not in (0, 1):
        raise _silent()
    return done.returncode == 1


def _silent() -> StoreError:
    return StoreError(
        "The scanner of documents does not answer: no document can be added.",
        mend="Check the command in TRIGPOINT_WEB_SCANNER.",
    )
