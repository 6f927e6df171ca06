"""Accounts: the same lure to many; whoever received and passes on is probably an exploited child too."""

from unit.scanner.talk import said, scanner

LURE = "A: hey {name} want to make some easy money this weekend, £200 dm me on snap"


def test_the_same_lure_to_many_is_seen_through_names_and_sums():
    talks = [
        said(LURE.format(name=name).replace("200", sum_).replace("A:", "A:"), f"{name}: no", conversation=f"c{name}")
        for name, sum_ in (("Sam", "200"), ("Ellie", "150"), ("Kai", "300"))
    ]
    answer = scanner().scan_account("A", [m for talk in talks for m in talk])
    assert [t.recipients for t in answer.fan_out] == [3]
    assert "3 others" in answer.sentence


def test_one_who_received_and_later_passes_on_is_probably_an_exploited_child_too():
    first = said("A: can i use ur bank account, money comes in and u keep £100, no risk", "B: ok", conversation="one")
    later = said(
        "B: can i use ur bank account, money comes in and u keep £50, no risk", "C: what", conversation="two", start=600
    )
    answer = scanner().scan_account("B", first + later)
    assert answer.passes_on
    assert "probably an exploited child too" in answer.sentence
    assert "also_a_child" in {a.act for a in answer.advice}
    assert not scanner().scan_account("A", first + later).passes_on


def test_one_who_only_received_may_need_help():
    first = said("A: can i use ur bank account, money comes in and u keep £100, no risk", "B: ok", conversation="one")
    answer = scanner().scan_account("B", first)
    assert answer.sent == ()
    assert "may need help" in answer.sentence


def test_an_account_of_which_nothing_is_known_gets_no_verdict():
    assert "None of the behaviours" in scanner().scan_account("Z", said("A: hello")).sentence
