"""The towns of GeoNames, found once and kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trigpoint.terms import towns as module


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(module, "user_cache_path", lambda *_args, **_options: tmp_path / "cache")
    module.towns.cache_clear()
    yield tmp_path / "cache"
    module.towns.cache_clear()


def _again() -> object:
    module.towns.cache_clear()
    return module.towns()


def test_what_was_kept_is_what_was_found(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = module.towns()
    assert len(found) > 1_000
    monkeypatch.setattr(module, "_geonames", lambda: pytest.fail("GeoNames was read although the towns were kept"))
    assert _again() == found
    assert len(list(cache_folder.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"not a table", b"PAR1PAR1"])
def test_a_broken_file_is_made_anew(cache_folder: Path, content: bytes) -> None:
    found = module.towns()
    (kept,) = cache_folder.iterdir()
    kept.write_bytes(content)
    assert _again() == found
    assert kept.stat().st_size > len(content)


def test_without_a_place_to_keep_them_the_towns_are_found_all_the_same(cache_folder: Path) -> None:
    cache_folder.write_text("a file where the folder should be")
    assert len(module.towns()) > 1_000
