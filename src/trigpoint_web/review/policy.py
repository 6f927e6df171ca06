"""Who may answer which question: whoever may judge records and sees both children whole."""

from __future__ import annotations

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.refusals import NotThereError, allows
from trigpoint_web.casework.policy import check_acts_on, check_role
from trigpoint_web.review.models import KeyQuestion, LinkQuestion
from trigpoint_web.review.queries import questions_for


def check_answers(user: User, question: LinkQuestion) -> None:
    """Raise where this person may not answer the question, with the sentence that says why."""
    for child in (question.child_a, question.child_b):
        check_acts_on(user, child, act="judge_records")


def check_sees_question(user: User, question_id: str) -> LinkQuestion:
    """The question of that id. Raises NotThereError alike where there is none and where it is not theirs to see."""
    check_role(user, "judge_records")
    found = questions_for(user, answered=None).filter(question_id=question_id[:20]).first()
    if found is None:
        raise NotThereError(thing="question", thing_id=question_id[:20])
    return found


def check_answers_key(user: User, question: KeyQuestion) -> None:
    """Raise where this person may not say what follows from a changed key."""
    for child in (question.old, question.new):
        check_acts_on(user, child, act="judge_records")


can_answer = allows(check_answers)
can_answer_key = allows(check_answers_key)
