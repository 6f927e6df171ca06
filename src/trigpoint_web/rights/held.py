"""Where casework holds what it holds of a child: one list for the pack, for counting, and for deleting.

A test compares it with the database: a table that leads to a child and is not named here fails it. `KIDS` stands for
the numbers of the child under all the keys that it had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Held:
    """One table: which of its rows are the child's, and whether a copy is given to whoever asks for their own."""

    table: str
    rows: str
    given: bool = True


def _of(table: str, *, given: bool = True) -> Held:
    return Held(table, "t.child_id = KIDS", given)


def _under(table: str, column: str, parent: str, *, given: bool = True) -> Held:
    return Held(table, f"t.{column} in (select p.id from {parent} p where p.child_id = KIDS)", given)


PAIR: Final = "(t.child_a_id = KIDS or t.child_b_id = KIDS)"
# An event that another system posted of somebody whom nobody found: it is the child's where the sender's words say so.
POSTED: Final = """(t.child_id = KIDS or t.child_id is null and (
    t.person->>'nhs_number' in (select i.value from casework_identifier i where i.child_id = KIDS and i.scheme = 'nhs')
    or t.person->>'upn' in (select i.value from casework_identifier i where i.child_id = KIDS and i.scheme = 'upn')
    or exists (select 1 from casework_childface f where f.child_id = KIDS and f.surname <> ''
        and lower(f.surname) = lower(t.person->>'surname') and f.birth_on::text = t.person->>'born')))"""
DECIDED: Final = "(select d.id from response_decision d where d.child_id = KIDS)"
OWN_ACTIONS: Final = f"(t.child_id = KIDS or t.decision_id in {DECIDED})"

# In the order in which they are deleted: what hangs on a row comes before it.
HELD: Final = (
    _under("api_notice", "marker_id", "casework_marker", given=False),
    Held(
        "api_answeredrequest",
        f"t.event_id in (select t.id from casework_postedevent t where {POSTED}) "
        "or t.episode_id in (select m.id from casework_missingepisode m where m.child_id = KIDS)",
        given=False,
    ),
    Held("review_keyanswer", "t.question_id in (select q.id from review_keyquestion q "
         "where q.old_id = KIDS or q.new_id = KIDS)"),
    Held("review_keyquestion", "(t.old_id = KIDS or t.new_id = KIDS)"),
    Held("review_judgement", PAIR),
    Held("review_standingquestion", "t.question_id in (select q.id from review_linkquestion q "
         "where q.child_a_id = KIDS or q.child_b_id = KIDS)", given=False),
    Held("review_linkquestion", PAIR),
    Held("response_actionstep", "t.action_id in (select a.id from response_action a "
         f"where a.child_id = KIDS or a.decision_id in {DECIDED})"),
    Held("response_action", OWN_ACTIONS),
    _of("response_thingchild"),
    _under("response_minute", "item_id", "response_agendaitem"),
    _of("response_decision"),
    _of("response_agendaitem"),
    _of("response_note"),
    _under("response_planversion", "plan_id", "response_safetyplan"),
    _of("response_safetyplan", given=False),
    _of("response_referralcheck"),
    _under("response_returninterview", "episode_id", "casework_missingepisode"),
    Held("casework_stepcitation", "t.step_id in (select s.id from casework_markerstep s "
         "join casework_marker m on m.id = s.marker_id where m.child_id = KIDS)", given=False),
    _under("casework_proposaldecision", "proposal_id", "casework_proposal"),
    _under("casework_markerstep", "marker_id", "casework_marker"),
    _of("casework_marker"),
    _under("casework_proposalcitation", "proposal_id", "casework_proposal", given=False),
    _under("casework_standingproposal", "proposal_id", "casework_proposal", given=False),
    _of("casework_proposal"),
    _under("casework_standingcitation", "citation_id", "casework_citation", given=False),
    _of("casework_citation"),
    _of("casework_notknown"),
    _of("casework_document"),
    _of("casework_missingepisode"),
    Held("casework_postedevent", POSTED),
    Held("casework_restriction_may_see", "t.restriction_id in (select r.id from casework_restriction r "
         "where r.child_id = KIDS)", given=False),
    _of("casework_restriction"),
    _of("casework_conflictofinterest"),
    _of("casework_emergencyaccess"),
    _of("casework_involvement"),
    _of("casework_identifier"),
    _of("casework_name"),
    _of("casework_childface"),
    Held("rights_itemdecision", "t.request_id in (select r.id from rights_request r where r.child_id = KIDS)",
         given=False),
    Held("rights_answer", "t.request_id in (select r.id from rights_request r where r.child_id = KIDS)"),
    _of("rights_request"),
    _of("rights_hold"),
    Held("casework_child", "t.id = KIDS"),
)  # fmt: skip


def where(held: Held, kids: str) -> str:
    """The condition on the table `t`, with `kids` (SQL of an array) for the child's numbers."""
    return held.rows.replace("= KIDS", f"= any({kids})")
