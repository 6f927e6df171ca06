"""The same order gives the same bytes, whoever makes which chunk when; memory is bounded by chunks."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from invented_files import CHILDREN, files

from trigpoint.errors import SettingsError
from trigpoint.records.partnership import read_partnership
from trigpoint.synthetic import HOLDOUT, RATES, USUAL, Rates, chunks, invent, invention
from trigpoint.synthetic.files.layouts import layouts


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "partnership.toml"
    }


def test_the_same_order_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    invent(tmp_path / "again", children=CHILDREN, seed=11, rates=Rates())
    assert fingerprints(tmp_path / "again") == fingerprints(folder)


@pytest.mark.parametrize("other", [{"seed": 12}, {"rates": HOLDOUT}])
def test_another_seed_or_other_rates_give_other_files(folder: Path, tmp_path: Path, other: dict[str, Any]) -> None:
    invent(tmp_path / "other", **{"children": CHILDREN, "seed": 11, "rates": USUAL, **other})
    ours, theirs = fingerprints(folder), fingerprints(tmp_path / "other")
    assert ours.keys() == theirs.keys()
    assert ours["truth/children.csv"] != theirs["truth/children.csv"]


def plain(body: Any) -> Any:
    return body.to_pydict() if isinstance(body, pa.Table) else body


def test_a_chunk_is_the_same_whenever_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 120)
    wanted = chunks.orders(children=300, seed=2, rates=Rates())
    assert [(o.first, o.last) for o in wanted] == [(0, 120), (120, 240), (240, 300), (300, 303)]
    forwards = {o.chunk: chunks.make_chunk(o) for o in wanted}
    for order in reversed(wanted):
        again, first = chunks.make_chunk(order), forwards[order.chunk]
        assert [(p.file, plain(p.body)) for p in again.pieces] == [(p.file, plain(p.body)) for p in first.pieces]
        assert (again.children, again.patterns) == (first.children, first.patterns)


def test_several_chunks_make_one_partnership(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 120)
    monkeypatch.setattr(invention, "_workers", lambda _: 1)
    told: list[str] = []
    made = invent(tmp_path / "p", children=300, seed=2, progress=told.append)
    assert made.children == 303
    assert told[-1] == "303 children of 303"
    ids = [line.split(",")[0] for line in (tmp_path / "p/truth/children.csv").read_text().splitlines()[1:]]
    assert len(ids) == len(set(ids)) == 303


def test_chunks_are_made_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million children are fifty chunks; no more are made than the writer asked for."""
    wanted = chunks.orders(children=1_000_000, seed=1, rates=Rates())
    assert len(wanted) == 51
    assert max(o.last - o.first for o in wanted) == chunks.CHUNK
    made: list[int] = []
    monkeypatch.setattr(invention, "_workers", lambda _: 1)
    monkeypatch.setattr(invention, "make_chunk", lambda order: made.append(order.chunk))
    several = invention._made(wanted)
    for _ in range(3):
        next(several)
    assert made == [0, 1, 2]


def test_a_partnership_is_never_written_over(folder: Path) -> None:
    with pytest.raises(SettingsError, match="already"):
        invent(folder, children=20, seed=1)


def test_the_settings_are_right_and_every_feed_finds_its_file(folder: Path) -> None:
    partnership = read_partnership(folder)
    assert partnership.invented
    assert {a.code for a in partnership.areas} == {"RV", "LF"}
    for source in partnership.sources:
        for feed in source.feeds:
            assert partnership.mapping_file(feed.mapping).is_file(), feed.mapping
            assert any(list(folder.glob(pattern)) for pattern in feed.files), feed.name


def test_coverage_has_the_gaps_that_the_files_have(folder: Path) -> None:
    claims = {s.name: s.coverage for s in read_partnership(folder).sources}
    intelligence = [c for c in claims["police"] if "intelligence" in c.kinds]
    assert len(intelligence) == 2
    assert (intelligence[1].from_on - intelligence[0].to_on).days > 50
    assert all(c.areas == ("RV",) for c in claims["health"])
    assert all(c.from_on.year == c.to_on.year == 2025 for c in claims["bank"])


def test_sheets_become_text_where_a_sheet_would_not_hold_the_rows() -> None:
    small = {e.feed: e.shape.kind for e in layouts(small=True).extracts}
    large = {e.feed: e.shape.kind for e in layouts(small=False).extracts}
    assert (small["suspensions"], large["suspensions"]) == ("xlsx", "csv")
    assert set(small.values()) == {"csv", "xlsx", "jsonl", "parquet", "census"}


def test_presets_have_names() -> None:
    assert RATES == {"usual": USUAL, "holdout": HOLDOUT}
    assert HOLDOUT.typing_error != USUAL.typing_error
    assert HOLDOUT.pace != USUAL.pace


def test_each_file_name_tells_when_it_was_sent(folder: Path) -> None:
    assert all("_2026-10-31" in path.name or "_2026-06-30" in path.name for path in files(folder, "*/*"))


def test_the_example_in_the_repository_is_what_is_invented_now(tmp_path: Path) -> None:
    """Make it again when this fails: trigpoint invent with 500 children and seed 1; its README stays."""
    example = Path(__file__).parents[3] / "examples/riverside"
    invent(tmp_path / "riverside", children=500, seed=1)
    kept = {file: mark for file, mark in fingerprints(example).items() if file != "README.md"}
    assert kept == fingerprints(tmp_path / "riverside")
    assert (example / "partnership.toml").read_text() == (tmp_path / "riverside/partnership.toml").read_text()
