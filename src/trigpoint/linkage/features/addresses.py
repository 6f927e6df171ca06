"""How addresses are written: "Flat 2, 14 Mill Road" and "14 Mill Rd Flat 2" are one place.

An address is its words, each once, without regard to their order, with the usual words in their short form.
"""

from __future__ import annotations

from typing import Final

SHORT: Final = {
    "street": "st", "road": "rd", "avenue": "ave", "av": "ave", "lane": "ln", "drive": "dr", "close": "cl",
    "court": "ct", "crescent": "cres", "place": "pl", "gardens": "gdns", "terrace": "terr", "house": "hse",
    "apartment": "flat", "apt": "flat",
}  # fmt: skip
_SHORT_SQL = "map{" + ", ".join(f"'{long}': '{short}'" for long, short in SHORT.items()) + "}"

# Distinct texts are read once: text, words (each once, in order of ABC), address (the words as one text).
ADDRESSES: Final = rf"""
CREATE OR REPLACE TEMP TABLE link_address AS
SELECT text, array_to_string(words, ' ') AS address, words FROM (
    SELECT text, list_sort(list_distinct(list_transform(
               string_split(plain, ' '), lambda w: coalesce({_SHORT_SQL}[w], w)))) AS words
    FROM (SELECT text, trim(regexp_replace(strip_accents(lower(text)), '[^\pL\pN]+', ' ', 'g')) AS plain
          FROM (SELECT DISTINCT unnest(all_addresses) AS text FROM link_latest))
    WHERE plain <> '')
"""
