"""The tables of casework. What a run brings, what people decide, and who may see it stand in modules of their own."""

from trigpoint_web.casework.models.access import ConflictOfInterest, EmergencyAccess, Restriction
from trigpoint_web.casework.models.children import Child, ChildFace, Identifier, Involvement, Name, Run
from trigpoint_web.casework.models.citations import (
    Citation,
    NotKnown,
    Proposal,
    ProposalCitation,
    ProposalDecision,
    StandingCitation,
    StandingProposal,
)
from trigpoint_web.casework.models.documents import Document
from trigpoint_web.casework.models.happenings import MissingEpisode, PostedEvent
from trigpoint_web.casework.models.markers import Marker, MarkerStanding, MarkerStep, StepCitation

__all__ = [
    "Child",
    "ChildFace",
    "Citation",
    "ConflictOfInterest",
    "Document",
    "EmergencyAccess",
    "Identifier",
    "Involvement",
    "Marker",
    "MarkerStanding",
    "MarkerStep",
    "MissingEpisode",
    "Name",
    "NotKnown",
    "PostedEvent",
    "Proposal",
    "ProposalCitation",
    "ProposalDecision",
    "Restriction",
    "Run",
    "StandingCitation",
    "StandingProposal",
    "StepCitation",
]
