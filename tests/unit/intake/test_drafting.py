"""A draft of files as agencies send them, with columns under names of their own. The people are invented."""

import tomllib
from pathlib import Path
from typing import Any

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
