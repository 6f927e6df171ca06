"""Every address × role × relation to the child answers as the policy's table says.

The addresses are those of the routes themselves: a route that is not declared here fails the first test. What a page
of a child declares is the act of `casework.policy.ROLE_MAY` that it needs, so that the expectation is read from there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import trigpoint_web
from casework_world import Brought, World, child, citation, involved, missing, proposal
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.models import Child, MissingEpisode, Proposal, Restriction
from trigpoint_web.casework.policy import ROLE_MAY, SEES_CHILDREN

ROLES = [role for role in Role.values if role != Role.SYSTEM_CLIENT]  # a system has no session: see tests/web/api
SEES, ANYBODY = "sees", "anybody"

# Pages of a child, by what they ask for beyond seeing the child whole.
OF_CHILD = {
    SEES: """casework:child casework:child-markers casework:child-chronology casework:child-findings
        casework:child-as-known casework:child-missing casework:child-connections casework:child-documents
        casework:child-access-log casework:proposal casework:access casework:declare-conflict
        response:child response:plan review:identity""",
    "set_marker": "casework:set-marker casework:accept-proposal",
    "decline_proposal": "casework:decline-proposal",
    "post_event": "casework:open-missing casework:close-missing",
    "restrict_child": "casework:restrict",
    "write": """response:decide response:give-action response:write-note response:write-plan response:agenda
        response:around response:referral response:interview""",
    "call_discussion": "response:strategy",
}
# Pages of something of a child (a marker, a step, a note): without it, they are not there or not for the role.
WITHIN_CHILD = """casework:document casework:marker casework:change-marker casework:review-marker casework:end-marker
    casework:dispute-marker casework:answer-dispute casework:correct-marker casework:lift-restriction
    casework:end-conflict response:decide-item response:give-decided-action response:decision
    response:replace-decision response:action response:correct-note"""
DOES = "rights:agreements"  # takes what is sent alone
EMERGENCY = "casework:take-emergency"  # the one page of a child whom one does not see
# Pages of no child, by who may open them.
OF_NONE = {
    "search": "casework:search response:things",
    "write": "casework:new-child response:meeting-list response:actions response:make-thing",
    "hold_meeting": "response:call-meeting",
    "judge_records": "review:list",
    "review_emergency": "casework:emergencies",
    "dashboards": "response:dashboards",
    "oversees": """audit:overview audit:unusual audit:chain rights:due rights:waiting rights:erasures rights:holds
        rights:new-hold rights:requests rights:new-request""",
    "manages": "accounts:people accounts:invite",
    ANYBODY: "casework:inbox accounts:home accounts:me accounts:purpose",
}
# Pages of a thing that is not a child: one that is not there is answered as not there, or not for the role.
OF_THING = """response:meeting response:add-due response:hold-meeting response:close-meeting response:write-minute
    response:correct-minute response:thing response:give-thing-action response:thing-action response:take-away
    review:question review:key audit:review casework:review-emergency accounts:person accounts:place accounts:close
    accounts:open accounts:reset-factor rights:erasure rights:end-hold rights:request rights:identity rights:extend
    rights:answer rights:pack rights:pack-item rights:pack-file
    rights:pack-leave"""
# They know no child: signing in, one's own second factor, the frame; and the doors of systems, tested in tests/web/api.
NO_CHILD = """health design:language design:draft design:components casework:wording api-token api-revoke
    api-1:openapi-json api-1:look_up api-1:marker api-1:post_event api-1:api-root"""
SIGNING_IN = ("account_", "mfa_", "socialaccount_", "openid_connect_", "-")
OTHERS = {
    "dashboards": {Role.PRACTITIONER, Role.SUPERVISOR, Role.PANEL_CHAIR, Role.ANALYST, Role.GOVERNANCE_OFFICER},
    "oversees": {Role.GOVERNANCE_OFFICER},
    "manages": {Role.AGENCY_ADMINISTRATOR},
    ANYBODY: set(Role),
}


def routes(patterns: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, (*spaces, *filter(None, [each.namespace])))
        else:
            yield ":".join([*spaces, each.name or "-"]), each


@cache
def converters_of(name: str) -> tuple[str, ...]:
    return tuple(dict(routes())[name].pattern.converters)


def by_name(table: dict[str, str]) -> dict[str, str]:
    return {name: need for need, names in table.items() for name in names.split()}


def may(need: str) -> set[Role]:
    if need == SEES:
        return set(SEES_CHILDREN)
    return OTHERS[need] if need in OTHERS else set(ROLE_MAY[need][0])


def test_every_route_says_what_is_expected_of_it() -> None:
    declared = [*by_name(OF_CHILD), *by_name(OF_NONE), *WITHIN_CHILD.split(), *OF_THING.split(), *NO_CHILD.split()]
    found = {name for name, _route in routes() if not name.startswith(SIGNING_IN)}
    assert found == {*declared, EMERGENCY, DOES}
    assert len(declared) == len(set(declared))


RELATIONS = {"own": "COWN", "shared": "CSHARED", "restricted": "CSHUT", "other": "COTHER", "unknown": "CNOBODY"}


@pytest.fixture
def partnership(world: World, settings: Any, tmp_path: Path) -> World:
    """A child of one's own agency, a shared one, one restricted to others, and one of another agency alone."""
    settings.PARTNERSHIP_FOLDER, settings.DOCUMENTS_FOLDER = str(tmp_path / "none"), tmp_path / "documents"
    keys = [key for relation, key in RELATIONS.items() if relation != "unknown"]
    known = [involved(key) for key in ("COWN", "CSHARED", "CSHUT")]
    take_run(
        Brought(
            kids=[child(key) for key in keys],
            involving=[*known, involved("CSHARED", "education"), involved("COTHER", "education")],
            found=[citation(key) for key in keys],
            proposed=[proposal(key) for key in keys],
            away=[missing(key) for key in keys],
        )
    )
    shut = Restriction.objects.create(child=Child.objects.get(key="CSHUT"), reason="x", by=world.person())
    shut.may_see.set([world.person()])
    return world


def address(name: str, key: str) -> str:
    """The address of a page of this child, with its own proposal and episode; nothing else of it is there."""
    given = dict.fromkeys(converters_of(name), 999_999) | {"key": key}
    kid = Child.objects.filter(key=key).first()
    if kid and "proposal_id" in given:
        given["proposal_id"] = Proposal.objects.get(child=kid).pk
    if kid and "episode_id" in given:
        given["episode_id"] = MissingEpisode.objects.get(child=kid).pk
    return reverse(name, kwargs=given)


def asked(browser: Client, name: str, key: str) -> int:
    return browser.get(address(name, key)).status_code


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_a_child_answer_as_the_policy_says(partnership: World, signed_in: Any, role: str) -> None:
    browser, wrong = signed_in(partnership.person(role=role)), []
    for name, need in by_name(OF_CHILD).items():
        for relation in ("own", "shared"):
            code = asked(browser, name, RELATIONS[relation])
            right = 404 if role not in SEES_CHILDREN else 200 if role in may(need) else 403
            wrong += [(name, relation, code, right)] if code != right else []
    for name in WITHIN_CHILD.split():
        code = asked(browser, name, "COWN")
        wrong += [(name, "own", code, "403 or 404")] if code not in (403, 404) else []
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_restricted_other_agencys_and_unknown_children_look_alike(
    partnership: World, signed_in: Any, role: str
) -> None:
    browser, wrong = signed_in(partnership.person(role=role)), []
    for name in [*by_name(OF_CHILD), *WITHIN_CHILD.split()]:
        for method in (browser.get, browser.post):
            unknown = method(address(name, "CNOBODY"))
            for relation in ("restricted", "other"):
                page = method(address(name, RELATIONS[relation]))
                alike = (page.status_code, page.content) == (unknown.status_code, unknown.content)
                # 405: the page takes nothing that is sent, whoever sends it
                if not alike or page.status_code not in ((404,) if method == browser.get else (404, 405)):
                    wrong.append((name, relation, page.status_code, unknown.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_the_page_of_emergency_access_looks_alike(partnership: World, signed_in: Any, role: str) -> None:
    user = partnership.person(role=role)
    user.set_password("a long invented password")  # somebody has to be able to say again who they are
    user.save()
    browser, pages = signed_in(user), {}
    for relation, key in RELATIONS.items():
        page = browser.get(address(EMERGENCY, key))
        pages[relation] = page.status_code, page.get("Location", "").replace(key, "KEY")
    takes = role in ROLE_MAY["take_emergency_access"][0]
    assert pages["restricted"] == pages["other"] == pages["unknown"]
    assert pages["unknown"][0] == (302 if takes else 403)  # to say again who one is
    assert pages["own"] == ((302, "/children/KEY/") if takes else (403, ""))


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_no_child_answer_as_the_policy_says(partnership: World, signed_in: Any, role: str) -> None:
    browser, wrong = signed_in(partnership.person(role=role)), []
    for name, need in by_name(OF_NONE).items():
        code = browser.get(reverse(name)).status_code
        if (code in (200, 302)) is not (role in may(need)) or code not in (200, 302, 403):
            wrong.append((name, code))
    for name in OF_THING.split():
        converters = converters_of(name)
        given = {each: {"day": "2026-01-01", "rule": "not_involved"}.get(each, 999_999) for each in converters}
        nobody = dict.fromkeys(("person_id", "erasure_id"), "00000000-0000-4000-8000-000000000000")
        given |= {name: value for name, value in nobody.items() if name in given}
        for method in (browser.get, browser.post):
            code = method(reverse(name, kwargs=given)).status_code
            wrong += [(name, code)] if code not in (302, 403, 404, 405) else []
    code = browser.post(reverse(DOES)).status_code
    assert code == (302 if role in may("oversees") else 403)
    assert wrong == []


def test_somebody_not_signed_in_is_sent_to_sign_in(db: None) -> None:
    for name in [*by_name(OF_CHILD), *WITHIN_CHILD.split(), EMERGENCY]:
        page = Client().get(address(name, "CNOBODY"))
        assert (page.status_code, page["Location"].split("?")[0]) == (302, "/sign-in/login/"), name


def test_a_closed_account_sees_nothing(partnership: World, signed_in: Any) -> None:
    user = partnership.person()
    browser = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert browser.get("/children/COWN/").status_code == 302


HERE = Path(trigpoint_web.__file__).parent
DOORS = ("views", "presenters", "forms", "queries")


def reached(source: str) -> list[int]:
    """Lines that reach children past `children_visible_to`: `Child.objects` and its like."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            owner = node.value
            if getattr(owner, "id", getattr(owner, "attr", "")) in ("Child", "ChildFace"):
                found.append(node.lineno)
    return found


def test_no_page_reaches_children_past_the_one_door() -> None:
    modules = [one for one in HERE.rglob("*.py") if {one.stem, *one.parent.relative_to(HERE).parts} & set(DOORS)]
    assert len(modules) > 30
    assert {str(one.relative_to(HERE)): lines for one in modules if (lines := reached(one.read_text("utf-8")))} == {}
    assert reached("from x import models\nChild.objects.all()\nmodels.ChildFace.objects.get()\n") == [2, 3]
