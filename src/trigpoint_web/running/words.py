"""Gathering the words to be translated from code and templates, and knowing which have no Welsh.

GNU gettext is not needed: Django itself turns a template into calls of gettext, and Babel reads those and Python.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HERE = Path(__file__).parents[1]
WELSH = HERE / "locale" / "cy" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
QUOTED = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
CALL = re.compile(rf"""\b(gettext|ngettext|pgettext|npgettext|_)\(((?:[^()'"]|{QUOTED})*)\)""")
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
FIRST = datetime(2026, 11, 22, tzinfo=UTC)  # one date, so that gathering anew changes nothing where no word changed
DRAFT = "machine draft"
HEADER = """\
# Words of casework in Welsh.
# Drafted by machine from the English. A Welsh speaker who knows safeguarding has yet to review every entry:
# an entry loses its mark "machine draft" once that was done.
#"""


def all_words() -> Catalog:
    """Every word and sentence that a page may show, with where it stands."""
    catalogue = Catalog(project="trigpoint_web", fuzzy=False)
    methods: list[Any] = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", from_template)]
    methods += [("**/templates/**.txt", from_template)]
    found = extract_from_dir(
        str(HERE), method_map=methods, keywords=KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    )
    for name, _line, message, comments, context in found:
        catalogue.add(message, None, [(f"trigpoint_web/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def from_template(fileobj: Any, keywords: Any, _tags: Any, options: Any) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Babel's way into a Django template: line, function, message, comments. There are no `options`."""
    del options
    for call in CALL.finditer(templatize(fileobj.read().decode("utf-8"), origin=getattr(fileobj, "name", None))):
        function = "gettext" if call[1] == "_" else call[1]
        words = tuple(ast.literal_eval(quoted) for quoted in re.findall(QUOTED, call[2]))
        if words and function in keywords:
            yield 0, function, words if len(words) > 1 else words[0], []


def read_welsh() -> Catalog:
    """The Welsh catalogue as it is kept."""
    if not WELSH.exists():
        return Catalog(locale="cy", project="trigpoint_web")
    with WELSH.open("rb") as file:
        return read_po(file, locale="cy")


def without_welsh() -> list[str]:
    """Words that have no Welsh, and words whose Welsh lacks one of their placeholders."""
    welsh = read_welsh()
    return sorted(_plain(each.id) for each in all_words() if each.id and not _translated(welsh, each))


def _translated(welsh: Catalog, each: Any) -> bool:
    known = welsh.get(each.id, each.context)
    if known is None or not known.string:
        return False
    said = [str(one) for one in (known.string if isinstance(known.string, tuple | list) else [known.string])]
    asked = set(PLACES.findall(_plain(each.id)))
    return all(said) and asked == set(PLACES.findall(said[-1]))


def _plain(words: Any) -> str:
    return str(words[-1] if isinstance(words, tuple | list) else words)


def gather_words() -> int:
    """Bring the Welsh catalogue up to date with the code: new words come in, gone words go. How many have no Welsh."""
    welsh = read_welsh()
    welsh.update(all_words(), no_fuzzy_matching=True, update_header_comment=False)
    welsh.obsolete.clear()
    welsh.header_comment = HEADER
    welsh.creation_date = welsh.revision_date = FIRST
    welsh.last_translator, welsh.language_team = "Drafted by machine, not reviewed", "Welsh"
    welsh.msgid_bugs_address = "see SECURITY.md and CONTRIBUTING.md"
    welsh.fuzzy = False
    for each in welsh:
        each.flags.discard("fuzzy")
        if each.id and not each.string:
            each.user_comments = [DRAFT]
    WELSH.parent.mkdir(parents=True, exist_ok=True)
    with WELSH.open("wb") as file:
        write_po(file, welsh, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return len(without_welsh())
