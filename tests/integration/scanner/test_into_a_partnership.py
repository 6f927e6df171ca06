"""What was found in a child's messages joins what agencies sent. Everybody here is invented."""

from pathlib import Path

import pytest
from invented_chat import CHAT, CHILD
from typer.testing import CliRunner

from trigpoint.cli.main import app
from trigpoint.errors import ExtractError, SettingsError
from trigpoint.scanner.reading import How
from trigpoint.services.export_table import export_table
from trigpoint.services.refer_platform import receive_referral, refer
from trigpoint.services.run_partnership import run_partnership
from trigpoint.services.scan_file import scan_file
from trigpoint.services.verify_bundle import verify_bundle
from trigpoint.services.workspace import open_workspace
from trigpoint.services.write_findings import ChildOfScan, findings_of

AGREED = """
[sources.agreement]
lawful_basis = "Children Act 2004 s11 (invented agreement)"
purposes = ["safeguarding children from criminal exploitation"]
retention_years = 3
"""
SETTINGS = f"""
name = "Invented"
invented = true
[period]
from = 2026-01-01
to = 2026-06-30
[[areas]]
code = "RIV"
name = "Riverside (invented)"
postcodes = ["RV"]
[[sources]]
name = "missing"
title = "Missing persons"
agency = "missing_persons"
{AGREED}
[[sources.feeds]]
name = "episodes"
files = ["sources/missing/*.csv"]
mapping = "missing_episodes"
[[sources.coverage]]
kinds = ["missing", "found"]
from = 2026-01-01
to = 2026-06-30
[[sources]]
name = "helpline"
title = "A helpline"
agency = "charity"
{AGREED}
[[sources.feeds]]
name = "scans"
files = ["sources/helpline/scan_*.csv"]
mapping = "scan_findings"
[[sources.coverage]]
kinds = ["online_contact"]
from = 2026-01-01
to = 2026-06-30
"""
MISSING = (
    "Report reference,Person ID,Forename,Surname,Date of birth,Sex,Postcode,Missing from,Found at,Risk\n"
    "MP-1,N1,Robin,Fenwick,27/03/2011,M,RV1 2AB,18/03/2026 09:00,20/03/2026 08:30,High\n"
)
ROBIN = ["--given", "Robin", "--family", "Fenwick", "--born", "2011-03-27", "--sex", "M", "--postcode", "RV1 2AB"]


@pytest.fixture
def partnership(tmp_path) -> Path:
    folder = tmp_path / "invented"
    (folder / "sources" / "missing").mkdir(parents=True)
    (folder / "partnership.toml").write_text(SETTINGS)
    (folder / "sources" / "missing" / "episodes.csv").write_text(MISSING)
    return folder


def findings(folder: Path) -> set[str]:
    run_partnership(folder, as_at=None, report=folder / "report.html", retrain=False)
    out = folder / "findings.csv"
    with open_workspace(folder) as workspace:
        export_table(workspace, "findings", output=out)
    return {line.split(",")[1] for line in out.read_text().splitlines() if ",met," in line}


def test_an_approach_in_a_phone_and_a_missing_episode_become_one_finding(partnership):
    assert "online_lure_then_missing" not in findings(partnership)
    command = ["scan-into", str(CHAT), str(partnership), "--account", CHILD, *ROBIN]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0, said.output
    (extract,) = (partnership / "sources" / "helpline").iterdir()
    assert "robin" not in extract.name.lower()
    text = extract.read_text()
    assert "quick cash" not in text
    assert "Zed" not in text, "a name in a phone is no handle"
    met = findings(partnership)
    assert {"online_lure_then_missing", "control_after_approach", "debt_named"} <= met
    assert CliRunner().invoke(app, command).exit_code == 0
    assert len(list((partnership / "sources" / "helpline").iterdir())) == 1
    assert findings(partnership) == met


def test_a_referral_is_checked_and_then_loaded(partnership, tmp_path):
    child = ChildOfScan(CHILD, "P-77", "Robin", "Fenwick")
    made = refer(CHAT, tmp_path / "r.zip", child, by="Safety team (invented)", case="C-1", platform="Invented Chat")
    assert verify_bundle(made.path, seal=made.seal).kind == "referral"
    with pytest.raises(ExtractError, match="seal"):
        receive_referral(made.path, partnership, seal="0" * 64)
    assert not (partnership / "sources" / "helpline").exists()
    target = receive_referral(made.path, partnership, seal=made.seal)
    assert "Invented Chat" in target.read_text()


def test_handles_and_numbers_are_written_where_they_are_accounts(tmp_path):
    path = tmp_path / "chat.jsonl"
    path.write_text(
        '{"conversation": "c", "sender": "ghost +44 7700 900123", "sent_at": 1773497100, '
        '"text": "easy £200 quick cash, just need ur bank card, dont tell ur mum"}\n'
        '{"conversation": "c", "sender": "robin_invented", "sent_at": 1773497160, "text": "ok"}\n'
    )
    found = findings_of(scan_file(path), ChildOfScan("robin_invented", "U1")).data.decode()
    assert "robin_invented" in found
    assert "+44 7700 900123" in found


def test_who_the_child_is_must_be_said_and_nothing_is_written_otherwise(partnership):
    scan = scan_file(CHAT, How())
    with pytest.raises(SettingsError, match="which child"):
        findings_of(scan, ChildOfScan(CHILD, given="Robin"))
    with pytest.raises(SettingsError, match="in no conversation") as fault:
        findings_of(scan, ChildOfScan("somebody", "U1"))
    assert "Zed" not in str(fault.value)
    settings = partnership / "partnership.toml"
    settings.write_text(settings.read_text().replace('"scan_findings"', '"platform_reports"'))
    said = CliRunner().invoke(app, ["scan-into", str(CHAT), str(partnership), "--account", CHILD, "--child", "U1"])
    assert isinstance(said.exception, SettingsError)
    assert "scan_findings" in str(said.exception)
