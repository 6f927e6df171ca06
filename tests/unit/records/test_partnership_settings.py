"""A fault in partnership.toml is told with its key and a mend that a tired person can follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigpoint.errors import SettingsError
from trigpoint.records.partnership import read_partnership
from trigpoint.services.new_partnership import new_partnership

FAULTS = {
    "a key misspelt": ("lawful_basis =", "lawfull_basis =", "lawfull_basis': is not a setting", "'lawful_basis'?"),
    "text for a list": ('["sources/police/arrests*.csv"]', '"sources/*.csv"', "a list, in square brackets", "docs"),
    "text for a day": ("from = 2024-01-01\n#", 'from = "1 Jan 2024"\n#', "without quotes, such as 2026-03-31", "docs"),
    "no quotes": ('agency = "police"', "agency = police", "is not TOML", "texts stand in quotes"),
    "a day that is none": ("from = 2024-01-01\n#", "from = 2024-02-31\n#", "is not TOML", "must exist"),
    "no part of a postcode": ('["ZZ1"]', '["EAST MERE"]', "'EAST MERE' is no part of a postcode", "districts"),
    "an agency unknown": ('agency = "police"', 'agency = "polis"', "no agency 'polis'", "'police'?"),
}


@pytest.mark.parametrize(("stands", "comes", "what", "mend"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_told_with_its_mend(tmp_path: Path, stands: str, comes: str, what: str, mend: str) -> None:
    path = new_partnership(tmp_path / "place")
    text = path.read_text()
    assert stands in text
    path.write_text(text.replace(stands, comes, 1))
    with pytest.raises(SettingsError) as raised:
        read_partnership(path.parent)
    assert what in raised.value.what
    assert mend in str(raised.value.mend)


@pytest.mark.parametrize("written", ["RV", "RV1", "rv12", "EC1A", "RV1 2", "RV12", "M1 1AE"])
def test_parts_of_postcodes_are_taken(tmp_path: Path, written: str) -> None:
    path = new_partnership(tmp_path / "place")
    path.write_text(path.read_text().replace('["ZZ1"]', f'["{written}"]'))
    assert read_partnership(path.parent).areas[0].postcodes == (written,)
