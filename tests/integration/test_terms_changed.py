"""Words of a pack that no run keeps may change without anybody being marked anew; what a finding says may not."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from riverside import facts, run
from trigpoint.records.partnership import read_partnership
from trigpoint.services import run_partnership
from trigpoint.services.fingerprint_terms import fingerprint_terms, same_meaning
from trigpoint.terms.pack import load_pack

DAY = date(2026, 10, 31)
INDICATOR = "indicators/going_missing/missing_three_times_in_90_days.yaml"
# What a person may write into a pack: the file, the words that stand there, and those that come in their place.
BESIDE = {
    "a comment": ("policy.yaml", "", "# looked at again in spring\n"),
    "advice beside an indicator": (INDICATOR, "practice: ", "practice: Listen first. "),
    "a word of Welsh": ("cy/language.yaml", "", "# read again\n"),
    "a new example's note": (INDICATOR, "examples:\n", "examples: # three so far\n"),
    "how a feed is read": ("mappings/police_arrests.yaml", "", "# columns as of autumn\n"),
}
MARKED = {
    "the sentence": (INDICATOR, 'sentence: "', 'sentence: "Now: '),
    "the title": (INDICATOR, "title: ", "title: Often "),
    "the policy": ("policy.yaml", "why: ", "why: Now "),
    "how many times": (INDICATOR, "at_least: 3", "at_least: 4"),
    "a new file": ("indicators/going_missing/another.yaml", "", "indicator: another\n"),
    "a kind's name": ("events/missing.yaml", "title: ", "title: Gone "),
}


@pytest.fixture
def owned(small):
    """The small partnership with a pack of its own."""
    pack = shutil.copytree(load_pack("england_wales").folder, small / "pack")
    settings = small / "partnership.toml"
    settings.write_text(settings.read_text().replace('pack = "england_wales"', f'pack = "{pack}"'))
    return small


def write(folder: Path, file: str, *, stands: str, comes: str) -> None:
    path = folder / "pack" / file
    before = path.read_text() if path.exists() else ""
    assert stands in before
    path.write_text(before.replace(stands, comes, 1) if stands else before + comes)


@pytest.mark.parametrize("what", [*BESIDE, *MARKED])
def test_what_is_kept_of_a_pack_marks_anew_and_nothing_else(owned, what):
    before = fingerprint_terms(read_partnership(owned), day=DAY)
    file, stands, comes = {**BESIDE, **MARKED}[what]
    write(owned, file, stands=stands, comes=comes)
    after = fingerprint_terms(read_partnership(owned), day=DAY, last=before)
    assert after != before or what in ("a word of Welsh", "how a feed is read")
    assert same_meaning(before, after) == (what in BESIDE)


def test_day_settings_and_a_fingerprint_of_an_older_kind_mark_anew(owned):
    before = fingerprint_terms(read_partnership(owned), day=DAY)
    assert fingerprint_terms(read_partnership(owned), day=DAY, last=before) == before
    assert not same_meaning(before, fingerprint_terms(read_partnership(owned), day=date(2026, 10, 30), last=before))
    settings = owned / "partnership.toml"
    settings.write_text(settings.read_text() + "# read by the lawyer\n")
    after = fingerprint_terms(read_partnership(owned), day=DAY, last=before)
    assert not same_meaning(before, after)
    assert not same_meaning(before.split(maxsplit=1)[0], after)


def test_a_run_marks_nobody_for_words_beside_and_everybody_for_a_sentence(owned, tmp_path, monkeypatch):
    asked = []

    def marking(workspace, *, changed, **rest):
        asked.append(changed)
        return mark(workspace, changed=changed, **rest)

    mark = run_partnership.mark_children
    monkeypatch.setattr(run_partnership, "mark_children", marking)
    run(owned)
    before = facts(owned, "findings", tmp_path)
    for what in ("advice beside an indicator", "a comment"):
        file, stands, comes = BESIDE[what]
        write(owned, file, stands=stands, comes=comes)
    run(owned)
    assert asked == [None]
    file, stands, comes = MARKED["the sentence"]
    write(owned, file, stands=stands, comes=comes)
    run(owned)
    assert asked == [None, None]
    after = facts(owned, "findings", tmp_path)
    changed = [row for row in after if row not in before]
    assert changed
    assert all("Now: " in str(row) for row in changed)
    assert len(after) == len(before)
