"""A draft of files as agencies send them, with columns under names of their own. The people are invented."""

import json
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from trigpoint.intake import suggest_mapping
from trigpoint.terms.pack import load_pack

RIVERSIDE = Path(__file__).parents[3] / "examples" / "riverside"
MISSING = """\
URN;Surname;Forename(s);D.O.B;Home Postcode;Reported Missing;Returned;Risk Grading;Found At;Found With
M/1;Invented;Liam;14/03/2010;ZZ9 8AG;02.01.2025 21:15;03.01.2025 04:30;HIGH;ZZ1 2AB;Adult male
M/2;INVENTED;Liam;14/03/2010;zz98ag;20.01.2025 19:00;22.01.2025 08:00;Medium;Bus station;
M/3;Invented;Aisha;31/02/2011;ZZ8 1AA;12.02.2025 18:00;;no apparent risk;;alone
"""
SCHOOL = """\
upn,pupil_name,dob,sex,postcode,excl_start,excl_end,type,reason
,"Invented, Liam",2010-03-14,M,ZZ9 8AG,2025-01-09,2025-01-13,Suspension,PP
,"Invented, Aisha",2011-02-28,F,ZZ8 1AA,2025-03-01,2025-03-02,SUSP,DA
"""
# What an extract of the demo tells of is not in its names: a person has to say it.
NOT_TOLD = {"ssd_assessment_factors", "health_referrals", "bank_accounts"}


def drafted(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(suggest_mapping(path, load_pack())[0])
    return found


def test_a_missing_list_tells_of_going_missing_and_of_being_found(tmp_path: Path) -> None:
    path = tmp_path / "extract_jan.csv"
    path.write_text(MISSING)
    draft = drafted(path)
    assert draft["key"] == ["URN"]
    assert draft["person"]["birth_on"] == "D.O.B", "by its name, though a third of the values are no dates"
    missing, found = draft["events"]
    assert (missing["kind"], missing["happened_at"], missing["ended_at"]) == ("missing", "Reported Missing", "Returned")
    assert missing["attributes"] == {"risk": "Risk Grading"}
    assert (found["kind"], found["happened_at"], found["if_dated"]) == ("found", "Returned", True)
    assert found["attributes"] == {"found_with": "Found With"}
    assert found["place"] == {"name": "Found At"}


def test_values_tell_of_what_names_do_not(tmp_path: Path) -> None:
    path = tmp_path / "q3.csv"
    path.write_text(SCHOOL)
    draft = drafted(path)
    (event,) = draft["events"]
    assert (event["kind"], event["happened_at"], event["ended_at"]) == ("suspension", "excl_start", "excl_end")
    assert event["attributes"] == {"reason": "reason"}
    assert "key" not in draft, "a number that most rows lack names no row"


def _feeds() -> list[Any]:
    settings = tomllib.loads((RIVERSIDE / "partnership.toml").read_text())
    feeds = [feed for source in settings["sources"] for feed in source["feeds"]]
    return [pytest.param(feed, id=feed["mapping"]) for feed in feeds if feed["mapping"] not in NOT_TOLD]


@pytest.mark.parametrize("feed", _feeds())
def test_an_extract_of_the_demo_tells_of_what_its_mapping_says(feed: dict[str, Any]) -> None:
    pack = load_pack()
    path = sorted(RIVERSIDE.glob(feed["files"][0]))[0]
    own = RIVERSIDE / "mappings" / f"{feed['mapping']}.yaml"
    ready = yaml.safe_load(pack.mappings.get(feed["mapping"], own).read_text(encoding="utf-8"))
    kinds = {event["kind"] for event in ready.get("events", ())}
    assert {event["kind"] for event in drafted(path).get("events", ())} <= kinds
    assert bool(kinds) == ("events" in drafted(path))


TITLED = """\
Missing persons, extract of October;;;;;
;Child;;;Episode;
Case Ref;Person ID;Surname;D.O.B;Reported missing;Returned
M/1;N1;Invented;14/03/2010;02/01/2025 21:15;03/01/2025 04:30
M/2;N1;Invented;14/03/2010;20/01/2025 19:00;
M/3;N2;Other;28/02/2011;21/01/2025 19:00;
"""


def test_titles_above_the_table_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "missing.csv"
    path.write_text(TITLED, encoding="cp1252")
    draft = drafted(path)
    assert draft["format"] == {"skip": 2}
    assert draft["key"] == ["Case Ref"]
    assert draft["person"] == {"local_id": "Person ID", "surname": "Surname", "birth_on": "D.O.B"}
    assert [event["kind"] for event in draft["events"]] == ["missing"]


@pytest.mark.parametrize("content", [MISSING, SCHOOL], ids=["missing", "school"])
def test_nothing_is_skipped_where_the_first_line_names_the_columns(tmp_path: Path, content: str) -> None:
    path = tmp_path / "extract.csv"
    path.write_text(content)
    assert "format" not in drafted(path)


def test_a_table_on_another_sheet_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Return of October"])
    sheet = book.create_sheet("Episodes")
    for line in TITLED.splitlines():
        sheet.append([cell or None for cell in line.split(";")])
    book.save(tmp_path / "missing.xlsx")
    draft = drafted(tmp_path / "missing.xlsx")
    assert draft["format"] == {"skip": 2, "sheet": "Episodes"}
    assert draft["key"] == ["Case Ref"]


def test_a_list_inside_a_document_is_found_and_its_paths_are_read(tmp_path: Path) -> None:
    child = {"birthDate": "2010-03-14", "name": {"family": "Invented", "given": ["Ada", "Bea"]}}
    rows = [{"attendanceId": f"ED{n}", "patient": child, "arrival": f"2026-06-2{n}T15:20:00Z"} for n in (1, 2, 3)]
    path = tmp_path / "ae_attendances.json"
    path.write_text(json.dumps({"made": "2026-06-30", "data": {"attendances": rows}}))
    draft = drafted(path)
    assert draft["format"] == {"rows": "data.attendances"}
    assert draft["key"] == ["attendanceId"]
    assert draft["person"] == {
        "given_names": "patient.name.given", "surname": "patient.name.family", "birth_on": "patient.birthDate",
    }  # fmt: skip
    (event,) = draft["events"]
    assert "place" not in event, "a reference such as ED1 is no postcode"


def test_a_ready_mapping_that_would_refuse_every_row_is_not_recommended(tmp_path: Path) -> None:
    path = tmp_path / "nrm_log.csv"
    path.write_text("NRM Ref,Name,Referral date\nN1,Ada Invented,20/05/2026\nN2,Bea Invented,21/05/2026\n")
    remarks = " ".join(suggest_mapping(path, load_pack())[1])
    assert "'nrm_log'" in remarks
    assert "fits this file" not in remarks
    assert "none of the columns by which it knows a person: Person ID, Forename" in remarks
