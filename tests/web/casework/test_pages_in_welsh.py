"""What a run found stands on Welsh pages in Welsh: sentences, names of rules, reasons, events and codes."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from casework_world import Brought, World, child, citation, involved
from riverside import Ran
from trigpoint.services.speak import speak
from trigpoint_web.accounts.models import Role
from trigpoint_web.casework.border import register_run, take_run
from trigpoint_web.casework.models import Child, Citation, NotKnown, Proposal

TABS = ("", "markers/", "chronology/", "findings/", "missing/", "connections/", "findings/as-known/")
ON = {"on-day": 1, "on-month": 6, "on-year": 2026}
MADE_OF = re.compile(r"\{[^}]*\}|\([^()|]+\|[^()|]+\)")


@pytest.fixture
def told(world: World, ran: Ran, settings: Any) -> list[Child]:
    """The children of Riverside with the most kinds of finding, to be read by a chair of their panel."""
    settings.PARTNERSHIP_FOLDER = str(ran.folder)
    register_run(ran.folder)
    Child.objects.update(area=world.areas["RV"])
    kinds: dict[int, set[str]] = {}
    for child_id, indicator in Citation.objects.values_list("child_id", "indicator"):
        kinds.setdefault(child_id, set()).add(indicator)
    most = sorted(kinds, key=lambda one: (-len(kinds[one]), one))[:4]
    return list(Child.objects.filter(pk__in=most))


def english() -> set[str]:
    """What the pack says in English of rules, findings and proposals, cut at the facts that are filled in."""
    speech = speak("cy")
    rules = speech.kept.values()
    whole = [words for one in rules for words in (one.title, one.sentence, one.practice, one.caution)]
    whole += speech.kept_whys.values()
    parts = {part.strip(" .,;:") for words in whole for part in MADE_OF.split(words)}
    return {part for part in parts if len(part.split()) > 2}


def shown(page: str) -> str:
    """The words of a page as they are read, without where a rule comes from: documents have English names."""
    main = page[page.index("<main") : page.index("</main>")]
    without = re.sub(r'<span lang="en">[^<]*</span></p>', "", main)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without)))


def test_every_finding_and_proposal_of_a_run_is_said_in_welsh(told: list[Child]) -> None:
    speech = speak("cy")
    cited = [
        (one.sentence, speech.finding(one.sentence, indicator=one.indicator, version=one.version))
        for one in Citation.objects.all()
    ]
    said = [(one.title, speech.title(one.title, indicator=one.indicator)) for one in NotKnown.objects.all()]
    for one in Proposal.objects.all():
        said.append((one.why, speech.why(one.why, rule=one.rule, version=one.rule_version)))
        said.append((one.what_would_change, speech.change(one.what_would_change)))
    assert len(cited) > 50
    assert [kept for kept, words in cited + said if words.language != "cy" or words.text == kept] == []


def test_no_english_of_the_pack_stands_on_a_welsh_page(told: list[Child], world: World, signed_in: Any) -> None:
    browser = signed_in(world.person(role=Role.PANEL_CHAIR, serves=("RV",)))
    browser.get("/language/cy/", {"next": "/"})
    words, read = english(), 0
    assert len(words) > 300
    for path in ["/", *(f"/children/{one.key}/{tab}" for one in told for tab in TABS)]:
        page = browser.get(path, ON if "as-known" in path else {})
        assert page.status_code == 200
        assert 'html lang="cy"' in page.content.decode()
        text = shown(page.content.decode())
        read += len(text.split())
        assert [one for one in words if one in text] == [], path
    assert read > 3_000


def test_the_same_pages_in_english_do_have_them(told: list[Child], world: World, signed_in: Any) -> None:
    browser = signed_in(world.person(role=Role.PANEL_CHAIR, serves=("RV",)))
    text = shown(browser.get(f"/children/{told[0].key}/findings/").content.decode())
    assert len([one for one in english() if one in text]) > 5


def test_pages_say_that_a_machine_translated_them(told: list[Child], world: World, signed_in: Any) -> None:
    browser = signed_in(world.person(role=Role.PANEL_CHAIR, serves=("RV",)))
    assert "translated by machine" not in browser.get("/").content.decode()
    browser.get("/language/cy/", {"next": "/"})
    assert "Peiriant a gyfieithodd" in browser.get("/").content.decode()


def test_a_sentence_of_another_rule_stays_in_english_and_says_so(world: World, signed_in: Any) -> None:
    kept = "Was reported missing 3 times between 3 May 2026 and 9 June 2026."
    found = [citation("CA", version=9, sentence=kept), citation("CA", 2, sentence=kept)]
    take_run(Brought(kids=[child("CA")], involving=[involved("CA")], found=found))
    browser = signed_in(world.person())
    browser.get("/language/cy/", {"next": "/"})
    page = unescape(browser.get("/children/CA/findings/").content.decode())
    assert f'<p class="govuk-body" lang="en">{kept}' in page
    assert '<p class="govuk-body" lang="cy">Adroddwyd bod y plentyn ar goll 3 o weithiau' in page
