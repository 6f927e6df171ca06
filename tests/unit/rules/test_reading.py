"""A broken indicator file is explained: file, line, column, the line, a caret, and how to mend it."""

import pytest

from trigpoint.engines.examples import check_indicator, run_examples
from trigpoint.errors import TermsError
from trigpoint.rules.reading import parse_indicator
from trigpoint.rules.tree import DAY, HOUR, AllOf, Count, Distance, Is, Not, OutOfArea, Select, Unfollowed, Unless
from trigpoint.terms.pack import Pack, load_pack

TEXT = """\
indicator: missing_three_times
version: 1
title: Missing three times
theme: going_missing
forms: [county_lines]
source: {title: "Invented for a test"}
looks_back: 12 months
pattern:
  count:
    of:
      event: missing
      where:
        - {attribute: risk, is: [medium, high]}
        - {out_of_area: false}
        - {distance: {at_least_km: 1.5}}
    at_least: 3
    within: 90 days
sentence: "Missing {count} times from {first_on} to {last_on}."
practice: Ask.
caution: Other things may explain it.
examples:
  - answer: met
    says: "Missing 3 times from 1 March 2025 to 3 March 2025."
    child: {born: 2010-05-01, area: RV}
    events:
      - {on: 2025-03-01, event: missing, risk: high, km_east: 2, area: RV, id: a}
      - {on: 2025-03-02, event: missing, risk: high, km_east: 2, area: RV, id: b}
      - {on: 2025-03-03, event: missing, risk: high, km_east: 2, area: RV, id: c}
    evidence: [a, b, c]
  - answer: not met
  - answer: not known
    coverage: []
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack()


def test_a_file_becomes_a_tree(pack: Pack) -> None:
    indicator = parse_indicator(TEXT, pack).indicator
    where = (Is("risk", ("medium", "high")), Unless(OutOfArea()), Distance(1_500))
    assert indicator.pattern == Count(Select(("missing",), where), 3, 90 * DAY)
    assert (indicator.looks_back, indicator.forms) == (365 * DAY, ("county_lines",))


def test_its_examples_pass(pack: Pack) -> None:
    outcomes = run_examples(parse_indicator(TEXT, pack), pack)
    assert [(o.answer, o.faults) for o in outcomes] == [("met", ()), ("not met", ()), ("not known", ())]


@pytest.mark.parametrize(
    ("right", "wrong", "position", "says", "mend"),
    [
        ("event: missing\n", "event: mising\n", "11:14", "no kind of event 'mising'", "'missing'"),
        ("attribute: risk", "attribute: risc", "13:23", "'missing' has no attribute 'risc'", "'risk'"),
        ("[medium,", "[medum,", "13:34", "no code of 'risk' 'medum'", "'medium'"),
        ("  count:", "  cuont:", "9:3", "no operator 'cuont'", "'count'"),
        ("out_of_area: false", "out_of_aera: false", "14:12", "no condition 'out_of_aera'", "'out_of_area'"),
        ("90 days", "90 dys", "17:13", "'90 dys' is not a duration", "like '90 days'"),
        ("90 days", "90", "17:13", "'90' is not a duration", "like '90 days'"),
        ("at_least: 3", "at_least: three", "16:15", "a whole number is needed", "figures"),
        ("at_least: 3", "at_least: 0", "16:15", "0 is too small", "1 or more"),
        ("    at_least: 3\n", "", "10:5", "'at_least' is missing", "Add 'at_least:'"),
        ("{count} times", "{cuont} times", "18:11", "no fact {cuont}", "'count'"),
        ("{count} times", "{others} times", "18:11", "{others} needs 'together' or 'shares'", "out"),
        ("theme: going_missing", "theme: going_mising", "4:8", "no theme 'going_mising'", "'going_missing'"),
        ("[county_lines]", "[county_line]", "5:9", "no form 'county_line'", "'county_lines'"),
        ("practice: Ask.", "practise: Ask.", "19:1", "'practise' is not a word", "'practice'"),
        ("[a, b, c]", "[a, b, d]", "29:22", "no event here has the id 'd'", "'c'"),
        ("answer: not known", "answer: unknown", "31:13", "no answer 'unknown'", "'not known'"),
        ("on: 2025-03-01,", "on: 31/02/2025,", "26:14", "'31/02/2025' is not a time", "2025-01-31"),
        ("{out_of_area: false}", "{during: {event: arrest}}", "14:28", "happens at one moment", "sequence"),
        ("attribute: risk, is: [medium, high]", "attribute: risk, at_least: 3", "13:23", "not a number", "is:"),
    ],
)  # fmt: skip
def test_a_fault_is_shown_where_it_stands(
    pack: Pack, right: str, wrong: str, position: str, says: str, mend: str
) -> None:
    assert right in TEXT
    with pytest.raises(TermsError) as raised:
        parse_indicator(TEXT.replace(right, wrong, 1), pack)
    line, column = map(int, position.split(":"))
    first, shown, caret, *rest = str(raised.value).splitlines()
    assert first.startswith(f"indicator.yaml:{line}:{column}: ")
    assert says in first
    assert caret.index("^") - shown.index("| ") - 2 == column - 1
    assert mend in "\n".join(rest)


def test_silence_alone_is_no_finding(pack: Pack) -> None:
    for pattern in ("not: {exists: {event: arrest}}", "all_of: [{not: {exists: {event: arrest}}}]"):
        start, end = TEXT.index("  count:"), TEXT.index("sentence:")
        with pytest.raises(TermsError, match="silence alone"):
            parse_indicator(TEXT[:start] + f"  {pattern}\n" + TEXT[end:], pack)


def _reads(pattern: str, pack: Pack) -> object:
    start, end = TEXT.index("  count:"), TEXT.index("sentence:")
    return parse_indicator(TEXT[:start] + f"  {pattern}\n" + TEXT[end:], pack).indicator.pattern


def test_each_operator_is_read(pack: Pack) -> None:
    missing, arrest = Select(("missing",)), Select(("arrest",))
    follow = "unfollowed: {of: {event: missing}, by: {event: arrest}, within: 72 hours, from: end}"
    assert _reads(follow, pack) == Unfollowed(missing, arrest, 72 * HOUR, "end")
    agencies = "agencies: {of: {event: [missing, arrest]}, at_least: 2, within: 2 weeks}"
    assert _reads(agencies, pack) == Count(Select(("missing", "arrest")), 2, 14 * DAY, "agency")
    both = "all_of: {patterns: [{exists: {event: missing}}, {not: {exists: {event: arrest}}}], within: 1 year}"
    read = _reads(both, pack)
    assert isinstance(read, AllOf)
    assert isinstance(read.patterns[1], Not)
    assert read.within == 365 * DAY


def test_a_moment_has_no_end_to_count_from(pack: Pack) -> None:
    with pytest.raises(TermsError, match="has no end"):
        _reads("unfollowed: {of: {event: arrest}, by: {event: missing}, within: 3 days, from: end}", pack)


def test_a_file_without_all_three_answers_is_told_so(pack: Pack, tmp_path) -> None:
    path = tmp_path / "missing_three_times.yaml"
    path.write_text(TEXT[: TEXT.index("  - answer: not known")])
    (fault,) = check_indicator(path, pack)
    assert "there is no example that is not known" in str(fault)


def test_an_example_that_fails_is_shown(pack: Pack, tmp_path) -> None:
    path = tmp_path / "missing_three_times.yaml"
    path.write_text(TEXT.replace('says: "Missing 3', 'says: "Missing 4').replace("coverage: []", "coverage: [missing]"))
    said = [str(fault) for fault in check_indicator(path, pack)]
    assert len(said) == 2
    assert "22:13: the sentence is 'Missing 3 times from 1 March 2025 to 3 March 2025.'" in said[0]
    assert "31:13: this example is not met, and says not known" in said[1]
