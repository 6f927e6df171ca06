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
    d = f"replace(replace({cell}, ' ', ''), '-', '')"
    total = " + ".join(f"{_digit(d, i)} * {11 - i}" for i in range(1, 10))
    shaped = f"regexp_full_match({d}, '[0-9]{{10}}') AND NOT {d} = repeat(left({d}, 1), 10)"
    return f"CASE WHEN {shaped} AND (11 - ({total}) % 11) % 11 = {_digit(d, 10)} THEN {d} END"


def upn(cell: str) -> str:
    """Thirteen characters with a right check letter; a letter at the end is a temporary number."""
    d = f"upper(replace({cell}, ' ', ''))"
    total = " + ".join(f"{_digit(d, i)} * {i}" for i in range(2, 13))
    end = f"right({d}, 1)"
    last = f"(CASE WHEN {end} BETWEEN '0' AND '9' THEN ascii({end}) - 48 ELSE strpos('{UPN_LETTERS}', {end}) - 1 END)"
    shaped = f"regexp_full_match({d}, '[{UPN_LETTERS}][0-9]{{11}}[0-9{UPN_LETTERS}]')"
    good = f"substr('{UPN_LETTERS}', (({total} + {last} * 13) % 23) + 1, 1) = left({d}, 1)"
    return f"CASE WHEN {shaped} AND {good} THEN {d} END"


def postcode(cell: str) -> str:
    """'RV1 2AB', or an outward code alone, 'RV1'."""
    p = f"regexp_replace(upper({cell}), '[ .-]', '', 'g')"
    # Most are well written already; the rest pay for being tidied.
    return (
        f"CASE WHEN regexp_full_match({cell}, '[A-Z]{{1,2}}[0-9][0-9A-Z]? [0-9][A-Z]{{2}}') THEN {cell} "
        f"WHEN regexp_full_match({p}, '{POSTCODE_SHAPE}') THEN left({p}, length({p}) - 3) || ' ' || right({p}, 3) "
        f"WHEN regexp_full_match({p}, '{OUTCODE_SHAPE}') THEN {p} END"
    )


def phone(cell: str) -> str:
    """E.164: '+447700900123'; a number of another country keeps its own code."""
    plain_digits = f"replace(replace({cell}, ' ', ''), '-', '')"
    k = f"regexp_replace(replace({cell}, '(0)', ''), '[\\s().\\-/\\x{{2010}}-\\x{{2015}}]', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({plain_digits}, '07[1-9][0-9]{{8}}') THEN '+44' || substr({plain_digits}, 2) "
        f"WHEN regexp_full_match({k}, '0?({_GB_SHAPE})') THEN '+44' || regexp_replace({k}, '^0', '') "
        f"WHEN regexp_full_match({k}, '(\\+|00)?440?({_GB_SHAPE})') "
        f"THEN '+44' || regexp_replace({k}, '^(\\+|00)?440?', '') "
        f"WHEN regexp_full_match({k}, '(\\+|00)[1-9][0-9]{{7,14}}') AND NOT regexp_matches({k}, '^(\\+|00)44') "
        f"THEN '+' || regexp_replace({k}, '^(\\+|00)', '') END"
    )


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


MENTIONS = {"phone": phone, "handle": handle, "vehicle": vehicle, "account": account}
