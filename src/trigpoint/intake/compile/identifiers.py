"""Identifiers checked and put into one spelling, as SQL.

NHS number: ten digits, modulus 11 (NHS Data Dictionary). UPN: check letter over positions 2 to 13, modulus 23 (DfE
UPN guide). Phones: the shapes that Ofcom's national numbering plan allows; others keep their international form.
Each function takes an SQL text expression and gives an SQL expression that is NULL where the identifier cannot be.
"""

from __future__ import annotations

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
POSTCODE_SHAPE = "[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}"
OUTCODE_SHAPE = "[A-Z]{1,2}[0-9][0-9A-Z]?"

# National numbers without the leading 0: geographic (01 has nine digits in a few places), 03, 05, 07, 08, 09.
_GB_SHAPE = (
    "1[1-9][0-9]{7,8}|2[03489][0-9]{8}|3[0347][0-9]{8}|5[56][0-9]{8}|7[0-9]{9}"
    "|8(00[0-9]{6,7}|001111|4[2-5][0-9]{7}|454647|08[0-9]{7}|7[0-3][0-9]{7})|9[018][0-9]{8}"
)


def _digit(digits: str, position: int) -> str:
    """The number at `position` (from 1) of a text that holds only digits there."""
    return f"(ascii(substr({digits}, {position}, 1)) - 48)"


def nhs_number(cell: str) -> str:
    """Ten digits with a right check digit."""
    digits = f"replace(replace({cell}, ' ', ''), '-', '')"
    total = " + ".join(f"{_digit('d', i)} * {11 - i}" for i in range(1, 10))
    shaped = "regexp_full_match(d, '[0-9]{10}') AND NOT d = repeat(d[1], 10)"
    good = f"(11 - ({total}) % 11) % 11 = {_digit('d', 10)}"
    return _with("d", digits, f"CASE WHEN {shaped} AND {good} THEN d END")


def upn(cell: str) -> str:
    """Thirteen characters with a right check letter; a letter at the end is a temporary number."""
    total = " + ".join(f"{_digit('d', i)} * {i}" for i in range(2, 13))
    last = f"(CASE WHEN d[13] BETWEEN '0' AND '9' THEN {_digit('d', 13)} ELSE strpos('{UPN_LETTERS}', d[13]) - 1 END)"
    shaped = f"regexp_full_match(d, '[{UPN_LETTERS}][0-9]{{11}}[0-9{UPN_LETTERS}]')"
    good = f"substr('{UPN_LETTERS}', (({total} + {last} * 13) % 23) + 1, 1) = d[1]"
    return _with("d", f"upper(replace({cell}, ' ', ''))", f"CASE WHEN {shaped} AND {good} THEN d END")


def postcode(cell: str) -> str:
    """'RV1 2AB', or an outward code alone, 'RV1'."""
    full = f"regexp_full_match(p, '{POSTCODE_SHAPE}')"
    spaced = "left(p, length(p) - 3) || ' ' || right(p, 3)"
    outward = f"regexp_full_match(p, '{OUTCODE_SHAPE}')"
    tidy = f"replace(replace(upper({cell}), ' ', ''), '-', '')"
    return _with("p", tidy, f"CASE WHEN {full} THEN {spaced} WHEN {outward} THEN p END")


def phone(cell: str) -> str:
    """E.164: '+447700900123'; a number of another country keeps its own code."""
    kept = f"regexp_replace(replace({cell}, '(0)', ''), '[^0-9+]', '', 'g')"
    bare = (
        "regexp_replace(CASE WHEN starts_with(k, '+44') THEN k[4:] WHEN starts_with(k, '0044') THEN k[5:] "
        "WHEN starts_with(k, '44') AND length(k) >= 12 THEN k[3:] ELSE k END, '^0', '')"
    )
    abroad = (
        "CASE WHEN regexp_full_match(k, '(\\+|00)[1-9][0-9]{7,14}') AND NOT regexp_matches(k, '^(\\+|00)44') "
        "THEN '+' || regexp_replace(k, '^(\\+|00)', '') END"
    )
    home = _with("b", bare, f"CASE WHEN regexp_full_match(b, '{_GB_SHAPE}') THEN '+44' || b END")
    # A text with letters is no phone number, whatever digits it holds.
    wordless = f"CASE WHEN NOT regexp_matches({cell}, '[A-Za-z]{{3}}') THEN {kept} END"
    return _with("k", wordless, f"coalesce({abroad}, {home})")


def vehicle(cell: str) -> str:
    """A registration mark in capitals without spaces."""
    return f"nullif(regexp_replace(upper({cell}), '[^A-Z0-9]', '', 'g'), '')"


def account(cell: str) -> str:
    """A bank account in capitals without spaces and dashes (sort code and number, or IBAN)."""
    return vehicle(cell)


def handle(cell: str) -> str:
    """A name on a platform: lower case, without a leading @ or the platform's address."""
    bare = f"regexp_replace(lower({cell}), '^(https?://)?(www\\.)?([a-z]+\\.(com|me)/)?@?', '')"
    return f"nullif(trim({bare}), '')"


def plain(cell: str) -> str:
    """Any other mention: lower case, single spaces, no punctuation at the ends."""
    return f"nullif(trim(regexp_replace(lower({cell}), '[\\s,.]+', ' ', 'g')), '')"


def _with(letter: str, expression: str, body: str) -> str:
    """`body` over `letter` bound to `expression`, evaluated once."""
    return f"list_transform([{expression}], lambda {letter}: {body})[1]"


MENTIONS = {"phone": phone, "handle": handle, "vehicle": vehicle, "account": account}
