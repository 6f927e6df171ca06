"""`trigpoint show`: one child in plain words, and the explained case of the examples, now and as known earlier."""

from datetime import date

import pytest

from riverside import rows
from trigpoint.errors import NotFoundError
from trigpoint.services.read_timeline import read_timeline
from trigpoint.services.replay_child import replay_child
from trigpoint.services.show_child import show_child
from trigpoint.services.workspace import open_workspace


@pytest.fixture(scope="module")
def rowan(ran, tmp_path_factory) -> str:
    """The key of the looked-after 15-year-old of the case study, found by a row of the truth."""
    truth = (ran.folder / "truth" / "clusters.csv").read_text().splitlines()[1:]
    mine = {tuple(line.split(",")[:3]) for line in truth if "T0000500" in line}
    clusters = rows(ran.folder, "clusters", tmp_path_factory.mktemp("rowan"))
    keys = {row["child_key"] for row in clusters if (row["source"], row["file"], str(row["row"])) in mine}
    assert len(keys) == 1, "every row of one child leads to one key"
    return keys.pop()


def shown(folder, key, **when) -> str:
    with open_workspace(folder) as workspace:
        return "\n".join(show_child(workspace, key, **when))


def test_a_child_is_told_in_plain_words_with_sources(ran, rowan):
    text = shown(ran.folder, rowan)
    for part in ("PROPOSED MARKERS, for a person to decide", "FINDINGS", "TIMELINE", "WHY THESE RECORDS ARE ONE CHILD"):
        assert part in text
    assert "(invented)" in text
    assert "What would change" in text or "no longer be proposed" in text
    assert "sources/bank/" in text
    assert ", row " in text
    assert "speaks strongly for" in text


def test_what_was_known_four_months_before_the_referral(ran, rowan):
    text = shown(ran.folder, rowan, as_at=date(2025, 4, 30))
    assert "As known at the end of 30 April 2025" in text
    assert "Moving money for others" in text, "bank, platform and police together would have proposed it then"
    assert "National Referral Mechanism" not in text
    assert "June 2025" not in text
    assert "July 2025" not in text


def test_before_anything_happened_nothing_is_proposed(ran, rowan):
    with open_workspace(ran.folder) as workspace:
        timeline = read_timeline(workspace, rowan, as_at=date(2025, 2, 1))
        standing = replay_child(workspace, rowan, as_at=date(2025, 2, 1))
    assert all(event.happened_at.date() <= date(2025, 2, 1) >= event.learnt_at.date() for event in timeline.events)
    assert standing.proposals == []


def test_a_replay_on_the_last_day_says_what_the_run_said(ran, rowan, tmp_path):
    with open_workspace(ran.folder) as workspace:
        read_timeline(workspace, rowan, as_at=date(2026, 10, 31))
        standing = replay_child(workspace, rowan, as_at=date(2026, 10, 31))
    kept = [row for row in rows(ran.folder, "markers", tmp_path) if row["child_key"] == rowan]
    assert {(row["form"], row["rule"]) for row in standing.proposals} == {(row["form"], row["rule"]) for row in kept}


def test_a_key_that_is_not_there_is_said_so(ran):
    with open_workspace(ran.folder) as workspace, pytest.raises(NotFoundError, match="There is no child"):
        show_child(workspace, "CNOTTHERE12")
