"""What is found is read beside the rest of the conversation: talk that is ordinary throughout speaks against it."""

from trigpoint.scanner.course import points
from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.course.rest import rest_of
from trigpoint.scanner.course.weave import Found
from unit.scanner.talk import said, scanner


def found_in(entry: Entry) -> Found:
    behaviour = scanner().pack.behaviours["debt"]
    return Found("debt", behaviour.frames[0], 3.0, ((entry, entry.cues),), 0, 0.0)


def talk(*opinions: int) -> dict[str, list[Entry]]:
    """Entries with these opinions in hundredths, said by two in turn."""
    made = [Entry(60 * i, i, 1, opinion=opinion) for i, opinion in enumerate(opinions)]
    return {"a": made[::2], "b": made[1::2]}


def rest(*opinions: int) -> float:
    entries = talk(100, *opinions)
    return rest_of(entries, found_in(entries["a"][0]))


def test_few_messages_say_nothing_of_the_rest():
    assert rest(-75, -75, -75) == 0


def test_ordinary_talk_speaks_against_and_more_of_the_same_for():
    assert -points.REST_LESS <= rest(-20, 0, -10, 0, 10) < 0
    assert 0 < rest(80, 90, 60, 70, 100) <= points.REST_MORE


def test_what_it_stands_on_is_not_asked_again():
    """The opinion on its own words counts once: the strongest of them moves nothing in the rest."""
    quiet = talk(150, 0, 0, 0, 0)
    loud = talk(-75, 0, 0, 0, 0)
    assert rest_of(quiet, found_in(quiet["a"][0])) == rest_of(loud, found_in(loud["a"][0]))


def test_who_is_listed_first_changes_nothing():
    entries = talk(100, 30, -20, 50, 10, 90)
    turned = dict(reversed(entries.items()))
    assert rest_of(entries, found_in(entries["a"][0])) == rest_of(turned, found_in(entries["a"][0]))


def test_the_answer_tells_it():
    small_talk = ["A: where are you, dinner is at six", "B: at football, can i have chips"] * 4
    answer = scanner().scan_conversation(said("A: ill kill u if u tell", *small_talk))
    (threat,) = [s for s in (*answer.signals, *answer.nearly) if s.behaviour == "threat_to_child"]
    assert "rest" in {e.kind for e in threat.against_it}
