"""Make the folder of a new partnership: settings to fill in, and places for files and own mappings."""

from __future__ import annotations

from pathlib import Path

from trigpoint.errors import SettingsError
from trigpoint.records.partnership import FILE_NAME

TEMPLATE = """\
# A partnership: its areas, its sources, and what each agreed to share. docs/partnership.md explains every key.
name = "{name}"
pack = "england_wales"
invented = false            # true only where nobody in the files is real

[period]                    # the days that the partnership looks at
from = 2024-01-01
# to = 2026-12-31           # without it: up to the day of the run

[[areas]]
code = "A1"
name = "First area"
postcodes = ["ZZ1"]         # postcode areas, districts or sectors in it

[[sources]]
name = "police"
title = "Police"
agency = "police"

[sources.agreement]
lawful_basis = "Fill in: for example UK GDPR Art 6(1)(e); Children Act 2004 s11"
purposes = ["safeguarding children from criminal exploitation"]
retention_years = 7
# columns = {{ nhs_number = ["health", "childrens_services"] }}   # who may see a column; unnamed columns: all

[[sources.feeds]]
name = "arrests"
files = ["sources/police/arrests*.csv"]
mapping = "police_arrests"            # one of the pack's, or mappings/NAME.yaml in this folder
# each_file = "replaces"              # when every file is the whole state and not an addition
# learnt_when_unstated = "happened"   # when the file does not say when the agency learnt of a row

[[sources.coverage]]                  # what the source claims to report: silence is read as absence only here
kinds = ["arrest"]
from = 2024-01-01
to = 2026-12-31
# areas = ["A1"]                      # without it: every area
"""


def new_partnership(folder: Path, *, name: str | None = None) -> Path:
    """Make `folder` with `partnership.toml`, `sources/` and `mappings/`; return the settings file.

    Raises SettingsError where a partnership is there already: nothing is written over.
    """
    path = folder / FILE_NAME
    if path.exists():
        raise SettingsError(
            "This folder is a partnership already.",
            where=str(path),
            mend="Choose another folder, or edit the settings that are there.",
        )
    for part in ("sources/police", "mappings"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    title = (name or folder.resolve().name).replace('"', "'")
    path.write_text(TEMPLATE.format(name=title), encoding="utf-8")
    return path
