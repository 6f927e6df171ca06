"""An erasure reaches both homes, is decided by two, is taken up where it was broken off, and leaves a proof."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casework_world import sql
from rights_world import FILE, Worked, asked_for
from trigpoint.errors import NotFoundError, StoreError
from trigpoint.services.gather_held import gather_held
from trigpoint.services.workspace import open_workspace
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.chain import verify_chain
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.queries import access_log
from trigpoint_web.audit.refusals import NotThereError, RefusedError
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.models import Child, Citation, Document
from trigpoint_web.casework.policy import children_visible_to
from trigpoint_web.design.models import Draft
from trigpoint_web.rights.erasing import carrying_out
from trigpoint_web.rights.erasing.carrying_out import carry_out_all
from trigpoint_web.rights.erasing.deciding import (
    confirm_erasures,
    decide_agreements,
    decide_request,
    decide_retention,
    send_back,
)
from trigpoint_web.rights.erasing.journal import journal_path, take_up_again, write_journal
from trigpoint_web.rights.models import Erasure, Hold

TABLES = """select table_name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'"""


def everything_said() -> str:
    """All that the database says, table by table."""
    return "\n".join(row for (table,) in sql(TABLES) for (row,) in sql(f'select t::text from "{table}" t'))


def as_officer(act: Callable[..., Any], acting: Acting, *given: Any) -> Any:
    """Do it as a page does: under the officer's name, behind the second wall."""
    with working_as(acting.user):
        return act(acting, *given)


def decided(worked: Worked) -> Erasure:
    made = as_officer(decide_request, worked.first, asked_for(worked, "erasure"))
    as_officer(confirm_erasures, worked.second, [str(made.pk)])
    return made


def unusual_of(worked: Worked) -> set[str]:
    """What names this child and no other of the run, and its numbers."""
    names = sql("select child_id, lower(given_names), lower(surname) from casework_name")
    mine = {name for child, *pair in names for name in pair if child == worked.child.pk}
    others = " ".join(name for child, *pair in names for name in pair if child != worked.child.pk)
    numbers = {value for (value,) in sql("select value from casework_identifier where child_id = %s", worked.child.pk)}
    return {name for name in mine if name and name not in others} | numbers


def test_both_homes_forget_and_the_proof_stays(worked: Worked) -> None:
    mine, full = unusual_of(worked), f"{worked.child.face.given_names} {worked.child.face.surname}"
    assert mine
    (stored,) = Document.objects.values_list("stored_as", flat=True)
    others = Citation.objects.exclude(child=worked.child).count()
    erasure = decided(worked)
    with open_workspace(worked.store) as workspace:
        held = len(gather_held(workspace, worked.child.key))
    (done,) = carry_out_all()
    said = everything_said()
    assert {name for name in {*mine, full} if name.lower() in said.lower()} == set()
    assert not (worked.documents / str(stored)).exists()
    assert not Child.objects.filter(pk=worked.child.pk).exists()
    assert Citation.objects.count() == others
    with open_workspace(worked.store) as workspace, pytest.raises(NotFoundError):
        gather_held(workspace, worked.child.key)
    left = [f for f in worked.store.rglob("*.parquet") if any(name.encode() in f.read_bytes().lower() for name in mine)]
    assert left == []
    done.refresh_from_db()
    assert done.pk == erasure.pk
    assert sum(n for table, n in done.counts.items() if table.startswith("store.")) == held > 3
    assert {"casework_markerstep", "response_note", "casework_document", "design_draft", "django_session",
            "audit_purpose", "rights_request"} <= set(done.counts)  # fmt: skip
    assert set(done.hashes) <= set(done.counts)
    assert done.files == []
    assert done.extracts
    assert Draft.objects.get().key == "minute:999"  # another child's


def test_the_databases_statistics_forget_the_child_too(worked: Worked) -> None:
    quoted = "select tablename from pg_stats where tablename not like 'audit%%' and "
    quoted += "coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') like %s"
    connection.cursor().execute("analyze")
    assert sql(quoted, f"%{worked.child.key}%")
    decided(worked)
    carry_out_all()
    assert [table for (table,) in sql(quoted, f"%{worked.child.key}%") if table != "rights_erasure"] == []


def test_the_audit_still_holds_and_still_says_who_looked(worked: Worked) -> None:
    decided(worked)
    looked = sql("select count(*) from audit_auditrow where child_id = %s", worked.child.pk)
    carry_out_all()
    assert verify_chain().broken is None
    assert sql("select count(*) from audit_auditrow where child_id = %s", worked.child.pk) == looked
    with working_as(worked.first.user):
        assert {one.thing for one in access_log(worked.child.pk)} >= {"child", "erasure"}


def test_one_officer_alone_erases_nothing(worked: Worked) -> None:
    made = as_officer(decide_request, worked.first, asked_for(worked, "erasure"))
    with pytest.raises(RefusedError, match="Another officer"):
        as_officer(confirm_erasures, worked.first, [str(made.pk)])
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.filter(pk=made.pk).update(confirmed_by=worked.first.user, confirmed_at=timezone.now())
    assert carry_out_all() == []
    as_officer(send_back, worked.second, [str(made.pk)])
    assert carry_out_all() == []
    assert Child.objects.filter(pk=worked.child.pk).exists()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_hold_stops_it(worked: Worked, when: str) -> None:
    asked = asked_for(worked, "erasure")
    erasure = as_officer(decide_request, worked.first, asked) if when == "after" else None
    if erasure:
        as_officer(confirm_erasures, worked.second, [str(erasure.pk)])
    Hold.objects.create(child=worked.child, child_key=worked.child.key, ground="court", reason="x",
                        review_on="2027-01-01", by=worked.first.user)  # fmt: skip
    if erasure is None:
        with pytest.raises(FaultyFormError, match="hold"):
            as_officer(decide_request, worked.first, asked)
    (stopped,) = carry_out_all() or [None]
    assert (stopped.stopped_why if stopped else "held") == "held"
    assert Child.objects.filter(pk=worked.child.pk).exists()
    with open_workspace(worked.store) as workspace:
        assert gather_held(workspace, worked.child.key)


def test_what_is_not_due_is_not_retained_away(worked: Worked) -> None:
    with pytest.raises(FaultyFormError, match="not due"):
        as_officer(decide_retention, worked.first, [worked.child.key])
    with pytest.raises(NotThereError):
        as_officer(decide_retention, worked.first, ["CNOBODY"])


KILLED = """
import os, signal, django
from pathlib import Path
from django.conf import settings
os.environ["DJANGO_SETTINGS_MODULE"] = "trigpoint_web.settings.testing"
settings.DATABASES["default"] |= {database!r}
settings.PARTNERSHIP_FOLDER, settings.DOCUMENTS_FOLDER = {store!r}, Path({documents!r})
django.setup()
from trigpoint_web.rights.erasing import carrying_out
real = carrying_out.{step}
def killed(*given, **named):
    done = real(*given, **named)
    if "{step}" != "record" or (named.get("detail") or {{}}).get("done"):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
carrying_out.{step} = killed
carrying_out.carry_out_all()
"""


def killed_after(step: str, worked: Worked) -> int:
    known = connection.settings_dict
    database = {name: known[name] for name in ("HOST", "USER", "NAME", "PORT")}
    code = KILLED.format(database=database, store=str(worked.store), documents=str(worked.documents), step=step)
    return subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode


def test_killed_in_each_step_it_goes_on_where_it_was(worked: Worked) -> None:
    mine = unusual_of(worked)
    erasure = decided(worked)
    reader = worked.world.person(role="panel_chair", serves=("RV", "LF"))
    for step in ("_begin", "forget_child", "drop_file", "record"):
        assert killed_after(step, worked) == -signal.SIGKILL, step
        erasure.refresh_from_db()
        assert erasure.begun_at, step
        assert not erasure.done_at, step
        assert Child.objects.filter(pk=worked.child.pk).exists(), step  # the rows go in one, last
        assert worked.child not in children_visible_to(reader), step
    carry_out_all()
    erasure.refresh_from_db()
    assert erasure.done_at
    said = everything_said().lower()
    assert {name for name in mine if name.lower() in said} == set()
    assert sum(n for table, n in erasure.counts.items() if table.startswith("store.")) > 3  # counted before it went
    assert verify_chain().broken is None
    assert FILE not in b"".join(f.read_bytes() for f in worked.documents.iterdir())


def test_a_proof_is_never_changed(worked: Worked) -> None:
    decided(worked)
    carry_out_all()
    for query in ("update rights_erasure set ground = 'unlawful'", "delete from rights_erasure",
                  "truncate rights_erasure"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(query)


def test_after_a_restore_it_is_erased_again(worked: Worked) -> None:
    erasure = decided(worked)
    carry_out_all()
    assert write_journal() == 1
    assert write_journal() == 0
    assert not {name for name in unusual_of(worked) if name in journal_path().read_text().lower()}
    with transaction.atomic():  # as a restored backup leaves it: nothing is known of the erasure
        sql("set local session_replication_role = replica")
        sql("delete from rights_erasure")
        sql("insert into casework_child (id, key, current) values (%s, %s, true)", worked.child.pk, worked.child.key)
    assert take_up_again() == 1
    (again,) = carry_out_all()
    assert (again.pk, bool(again.done_at)) == (erasure.pk, True)
    assert not Child.objects.filter(pk=worked.child.pk).exists()
    assert take_up_again() == 0


def test_agreements_are_kept_to_in_the_store(worked: Worked) -> None:
    made = as_officer(decide_agreements, worked.first)
    assert as_officer(decide_agreements, worked.first).pk == made.pk
    as_officer(confirm_erasures, worked.second, [str(made.pk)])
    (done,) = carry_out_all()
    assert done.done_at


def test_without_the_store_nothing_is_begun(worked: Worked, settings: Any, tmp_path: Path) -> None:
    erasure = decided(worked)
    settings.PARTNERSHIP_FOLDER = str(tmp_path / "none")
    with pytest.raises(StoreError, match="partnership's folder"):
        carrying_out.carry_out_all()
    erasure.refresh_from_db()
    assert erasure.begun_at is None
