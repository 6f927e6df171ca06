"""Where an entry may hold what is somebody else's: pointed out for an officer to decide, and never decided here.

What is not pointed out is shown to the officer as well: a name that nobody wrote with a capital is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.speech import speech
from trigpoint_web.rights.models import Request
from trigpoint_web.rights.pack.items import Flag, Item

WHYS: Final[dict[str, str | Promise]] = {
    "other_child": _("It is about another child's record as well."),
    "other_name": _("A word in it is the name of another child here."),
    "named": _("It may name somebody."),
    "mentioned": _("It names a person, a number, a handle or an account that may be somebody else's."),
    "number": _("It holds a number, a handle or an account that may be somebody else's."),
    "document": _("A document has to be read whole: its file goes with the pack or stays out of it."),
    "professional": _("It tells of a professional's own circumstances."),
    "restricted": _("It says why a record is restricted or kept: telling it may harm somebody."),
}
OF_TWO: Final = frozenset(
    {"review_linkquestion", "review_judgement", "review_keyquestion", "review_keyanswer", "store.questions",
     "store.judgements", "store.successions"}
)  # fmt: skip
ALWAYS: Final = dict.fromkeys(OF_TWO, "other_child") | {
    "casework_document": "document", "casework_conflictofinterest": "professional", "store.mentions": "mentioned",
    "casework_restriction": "restricted", "rights_hold": "restricted",
}  # fmt: skip
# Columns in which people write as they like, and in which they may name others.
WRITTEN: Final = frozenset(
    """text reason observation about what note how asked describes sections answers not_told_why sharing_conditions
    extension_reason ended_reason review_note title said sentence why what_would_change interviewer found_place
    from_place place place_name""".split()  # noqa: SIM905 - easier to read
)
KEY: Final = re.compile(r"\b[CH][0-9A-Z]{10}\b")
NUMBER: Final = re.compile(r"(?<!\w)(?:\+44|0)\d(?:[ -]?\d){8,9}(?!\w)|@\w{3,}")
CAPITALISED: Final = re.compile(r"\b[A-ZÀ-ÖØ-Ý][\w’'-]+")
SEVERAL: Final = re.compile(r"\b[A-ZÀ-ÖØ-Ý][\w’'-]+(?:\s+[A-ZÀ-ÖØ-Ý][\w’'-]+)+")
KNOWN: Final = "select * from rights_known_names(%s, %s)"


def with_flags(request: Request, items: Sequence[Item]) -> list[Item]:
    """The entries, each with what is pointed out in it."""
    written = {item.key: _written(item) for item in items}
    own = _own_words(items)
    words = {word for text in written.values() for word in CAPITALISED.findall(text)} - own
    others = _known(request, sorted(words))
    official = _staff() | _names_of_the_pack()
    return [
        replace(
            item,
            flags=tuple(
                _flags(item, written[item.key], keys={request.child_key}, own=own, others=others, official=official)
            ),
        )
        for item in items
    ]


def _flags(
    item: Item, text: str, *, keys: set[str], own: set[str], others: set[str], official: set[str]
) -> Iterable[Flag]:
    if item.table in ALWAYS:
        yield Flag(ALWAYS[item.table])
    if found := _once(key for key in KEY.findall(text) if key not in keys):
        yield Flag("other_child", found)
    if found := _once(word for word in CAPITALISED.findall(text) if word in others):
        yield Flag("other_name", found)
    if found := _once(name for name in SEVERAL.findall(text) if not set(name.split()) & own and name not in official):
        yield Flag("named", found)
    if found := _once(NUMBER.findall(text)):
        yield Flag("number", found)


def _written(item: Item) -> str:
    return "\n".join(value for name, value in item.fields.items() if name in WRITTEN)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _own_words(items: Iterable[Item]) -> set[str]:
    """The words of the person's own names, as any record has them."""
    tables = ("casework_childface", "casework_name", "store.records")
    names = (item.fields.get(name, "") for item in items if item.table in tables for name in ("given_names", "surname"))
    return {word for name in names for word in name.split()}


def _known(request: Request, words: list[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [request.pk, words])
        return {word for (word,) in cursor.fetchall()}


def _staff() -> set[str]:
    """Professionals' names: what they wrote in their work is not withheld for naming them (DPA 2018 Sch 2 para 17)."""
    return set(User.objects.values_list("full_name", flat=True))


def _names_of_the_pack() -> set[str]:
    """Names that the rules' own sentences hold, such as the National Referral Mechanism: they are nobody's."""
    said = speech()
    rules = [text for one in said.kept.values() for text in (one.title, one.sentence)]
    titles = [one.title for words in (said.english.agencies, said.english.kinds) for one in words.values()]
    return set(SEVERAL.findall("\n".join([*rules, *titles, *said.kept_whys.values()])))
