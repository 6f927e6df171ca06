"""Keep a person's word on whether two records are one child."""

from __future__ import annotations

from datetime import datetime
from hashlib import md5
from typing import Literal

import pyarrow as pa

from trigpoint.errors import LinkageError, NotFoundError
from trigpoint.records.tables import FIXED
from trigpoint.services.workspace import Workspace


def judge_records(
    workspace: Workspace,
    record: str,
    other: str,
    *,
    verdict: Literal["same", "different"],
    reason: str,
    by: str,
) -> str:
    """Add a judgement to the ledger and return its id. Nothing there is ever edited; the latest word holds.

    Raises NotFoundError for a record that is not there, LinkageError where reason or name are empty.
    """
    if not reason.strip() or not by.strip():
        raise LinkageError("A judgement needs a reason and a name.", mend="Say why, and who judges.")
    if record == other:
        raise LinkageError("A record is always the same as itself.", mend="Give two different record ids.")
    _there(workspace, record, other)
    first, second = sorted((record, other))
    at = datetime.now()
    made = md5(f"{first}{second}{verdict}{at.isoformat()}".encode(), usedforsecurity=False).hexdigest()[:20]
    row = {
        "judgement_id": made, "record_a": first, "record_b": second,
        "verdict": verdict, "reason": reason, "by": by, "at": at,
    }  # fmt: skip
    with workspace.store.write("keep a judgement") as tx:
        tx.append("judgements", pa.Table.from_pylist([row], schema=FIXED["judgements"]))
    return made


def _there(workspace: Workspace, *ids: str) -> None:
    workspace.store.scan(workspace.con, "records", name="raw_records")
    for one in ids:
        if workspace.con.execute("select 1 from raw_records where record_id = ? limit 1", [one]).fetchone() is None:
            raise NotFoundError(
                f"There is no record '{one}'.",
                mend="Record ids are shown by: trigpoint show FOLDER CHILD, and in the export 'clusters'.",
            )
