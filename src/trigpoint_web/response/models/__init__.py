"""What people do about it: meetings, actions, notes, plans, return interviews, and things that children share."""

from trigpoint_web.response.models.actions import Action, ActionStep
from trigpoint_web.response.models.meetings import AgendaItem, Attendance, Decision, Meeting, Minute
from trigpoint_web.response.models.plans import Note, PlanVersion, ReturnInterview, SafetyPlan
from trigpoint_web.response.models.referral import ReferralCheck
from trigpoint_web.response.models.things import Thing, ThingChild

__all__ = [
    "Action",
    "ActionStep",
    "AgendaItem",
    "Attendance",
    "Decision",
    "Meeting",
    "Minute",
    "Note",
    "PlanVersion",
    "ReferralCheck",
    "ReturnInterview",
    "SafetyPlan",
    "Thing",
    "ThingChild",
]
