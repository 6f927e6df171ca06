"""Child keys that changed: followed where nothing hangs on them, put as a question where somebody's work does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from trigpoint.services.read_border import BorderSuccession

# Where people's work on a child lies. A key with a row in any of these is not moved by a run.
WORK: Final = (
    "casework_marker", "casework_document", "casework_restriction", "response_agendaitem", "response_decision",
    "response_action", "response_note", "response_referralcheck", "response_safetyplan",
    "response_thingchild",
)  # fmt: skip
HANGS: Final = "exists (" + " union all ".join(f"select 1 from {t} w where w.child_id = c.id" for t in WORK) + ")"

KNOWN: Final = f"select c.key, c.id, {HANGS} from casework_child c where c.key = any(%s)"
FOLLOW: Final = "update casework_child set superseded_by_id = %s where id = %s and not current"
ASK: Final = """
    insert into review_keyquestion (old_id, new_id, kind, why, run_id, at) values (%s, %s, %s, %s, %s, %s)
    on conflict (old_id, new_id, at) do nothing
"""


def follow_keys(
    cursor: CursorWrapper, successions: Sequence[BorderSuccession], *, since: datetime | None, run: int
) -> dict[str, int]:
    """Follow the key changes made after the run of `since`, or ask. Returns how many were followed and asked."""
    fresh = [one for one in successions if since is None or timezone.make_aware(one.at) > since]
    cursor.execute(KNOWN, [[key for one in fresh for key in (one.old_key, one.new_key)]])
    known = {key: (child, hangs) for key, child, hangs in cursor.fetchall()}
    done = {"followed": 0, "asked": 0}
    for one in fresh:
        if one.old_key not in known or one.new_key not in known:
            continue
        (old, hangs), (new, _) = known[one.old_key], known[one.new_key]
        if hangs:
            kind = "joined" if one.gone else "parted"
            cursor.execute(ASK, [old, new, kind, one.why, run, timezone.make_aware(one.at)])
            done["asked"] += 1
        elif one.gone:
            cursor.execute(FOLLOW, [new, old])
            done["followed"] += 1
    return done
