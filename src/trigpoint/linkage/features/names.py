"""How names are written: from the text that an agency sent to what may be compared.

Names are read once for each distinct text, not once for each record: a million children share some hundred thousand
names, and their variants are found by a join. The knowledge itself is data (data/names.yaml).
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa
import yaml

# Letters that carry no separable accent, and the marks that stand inside a name.
PLAIN_NAME = r"""
CREATE OR REPLACE TEMP MACRO plain_name(text) AS nullif(trim(regexp_replace(regexp_replace(
    replace(replace(replace(translate(strip_accents(lower(text)), 'łøđı', 'lodi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
    '[''’‘`´.]', '', 'g'), '[^\pL]+', ' ', 'g')), '')
"""

# Polish, Czech and Slavic surnames change their ending with the bearer's sex; brothers and sisters and one child
# written in two ways must still meet.
SURNAME_PART = r"""
CREATE OR REPLACE TEMP MACRO surname_part(part) AS
    regexp_replace(regexp_replace(part, '([sc]k|dzk)a$', '\1i'), '(...)(ov|ev)a$', '\1\2')
"""

# "Anne-Marie" and "Lily Mae" are also read as one word, for another agency may write it so. Such a word stands behind
# all others (JOINED_PLACE), so that it is never the first name.
JOINED_PLACE = 500
GIVEN = f"""
CREATE OR REPLACE TEMP TABLE link_given AS
WITH words AS (
    SELECT text, unnest(words) AS word, unnest(range(len(words))) AS place, len(words) = 1 AS solo
    FROM (SELECT text, string_split(joined_name(plain_name(text)), ' ') AS words FROM link_given_text)
), named AS (
    SELECT w.text, w.word, w.place, w.solo, list_sort(list_distinct(list(coalesce(v.name, w.word)))) AS names,
           max(CASE k.kind WHEN 'weak' THEN 2000 WHEN 'leading' THEN 1000 ELSE 0 END) AS class
    FROM words w LEFT JOIN link_variants v ON v.form = w.word
    LEFT JOIN link_words k ON (k.word = w.word OR k.word = v.name) AND k.kind IN ('weak', 'leading')
    WHERE w.word <> '' GROUP BY ALL
), joined AS (
    SELECT x.text, x.word || y.word AS word, {JOINED_PLACE} + x.place AS place, false AS solo
    FROM named x JOIN named y ON y.text = x.text AND y.place = x.place + 1
    WHERE x.class = 0 AND y.class = 0 AND len(x.word) > 1 AND len(y.word) > 1
), every AS (
    FROM named UNION ALL SELECT j.*, list_sort(list_distinct(list(coalesce(v.name, j.word)))), 0
    FROM joined j LEFT JOIN link_variants v ON v.form = j.word GROUP BY ALL
), ranked AS (SELECT *, class + place AS rank, min(class) OVER (PARTITION BY text) AS best FROM every)
SELECT text, arg_min(word, rank) AS forename, arg_min(names, rank) AS first_names,
       list_sort(list_distinct(flatten(list(names) FILTER (class = best)))) AS names,
       arg_min(names[1], place) FILTER (class = 1000) AS lead,
       any_value(solo) AS solo
FROM ranked GROUP BY text
"""

SURNAME = """
CREATE OR REPLACE TEMP TABLE link_surname AS
WITH words AS (
    SELECT text, surname_part(unnest(words)) AS word, unnest(range(len(words))) AS place
    FROM (SELECT text, string_split(joined_name(plain_name(text)), ' ') AS words FROM link_surname_text)
), kept AS (
    SELECT * FROM words w WHERE len(word) > 1
    AND NOT EXISTS (FROM link_words k WHERE k.word = w.word AND k.kind IN ('weak', 'dropped'))
)
SELECT text, string_agg(DISTINCT word, '' ORDER BY word) AS surname,
       list_sort(list_distinct(list(coalesce(v.name, k.word)))) AS parts
FROM kept k LEFT JOIN link_variants v ON v.form = k.word GROUP BY text
"""


@cache
def name_knowledge() -> dict[str, Any]:
    """The bundled knowledge of names: `variants`, `leading`, `weak` and `particles`."""
    text = files("trigpoint.linkage.features").joinpath("data/names.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def mark_of_names() -> str:
    """A mark of how names are read: where it is another, what was made of them is made anew."""
    said = [PLAIN_NAME, SURNAME_PART, _joined_macro(), GIVEN, SURNAME, name_knowledge()]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _variant_table() -> pa.Table:
    variants: dict[str, list[str]] = name_knowledge()["variants"]
    pairs = sorted({(form, name) for name, forms in variants.items() for form in [name, *forms]})
    return pa.table({"form": [form for form, _ in pairs], "name": [name for _, name in pairs]})


def _word_table() -> pa.Table:
    known = name_knowledge()
    rows = [(word, kind) for kind in ("leading", "weak") for word in known[kind]]
    rows += [(word, "dropped") for word in known["particles"]["dropped"]]
    return pa.table({"word": [word for word, _ in rows], "kind": [kind for _, kind in rows]})


def _joined_macro() -> str:
    joined = "|".join(name_knowledge()["particles"]["joined"])
    return (
        "CREATE OR REPLACE TEMP MACRO joined_name(text) AS "
        rf"regexp_replace(text, '(^| )({joined}) (\pL\pL+)', '\1\2\3', 'g')"
    )


def read_names(con: duckdb.DuckDBPyConnection) -> None:
    """Make `link_given` and `link_surname` from the distinct texts in `link_given_text` and `link_surname_text`.

    link_given: text, forename, first_names, names, lead, solo. link_surname: text, surname, parts.
    """
    for name, table in (("link_variants", _variant_table()), ("link_words", _word_table())):
        con.register("link_names_in", table)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM link_names_in")
        con.unregister("link_names_in")
    for statement in (PLAIN_NAME, SURNAME_PART, _joined_macro(), GIVEN, SURNAME):
        con.execute(statement)
