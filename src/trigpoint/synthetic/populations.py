"""Invented numbers of children by area, so that an invented partnership has rates too."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from trigpoint.synthetic.people.places import places

YEAR: Final = 2025
SOURCE: Final = "Invented: nobody lives there"
PER_CHILD: Final = (24, 16)  # of the first area, and of every other one, for each child of whom agencies know


def write_populations(folder: Path, *, children: int) -> None:
    """Write populations.csv: every area, and the postcode districts in it, of which no two are as large."""
    lines = ["area,year,children,source"]
    for n, (code, sectors) in enumerate(zip(places().areas, places().of_area, strict=True)):
        districts = list(dict.fromkeys(places().sectors[i].key.split()[0] for i in sectors))
        weights = [4 + 7 * at % 5 for at in range(len(districts))]
        share = PER_CHILD[min(n, 1)] * children / sum(weights)
        lived = [round(share * weight) for weight in weights]
        lines += [
            f"{area},{YEAR},{number},{SOURCE}"
            for area, number in [(code, sum(lived)), *zip(districts, lived, strict=True)]
        ]
    (folder / "populations.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
