"""Logs without personal data."""

from __future__ import annotations

import logging


class NoPersonalData(logging.Filter):
    """Leaves of a record its place in the code, the kind of error and the status. No words, no values.

    Django's own records hold paths and queries, a database error holds the row that it concerns. Where a fault lies can
    be found from the file and line; whom it concerned is in the audit, which has its own walls.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Take out everything that may name somebody."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        status = getattr(record, "status_code", "")
        record.msg = " ".join(filter(None, [f"{record.pathname}:{record.lineno}", kind, str(status)]))
        record.args = None
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True
