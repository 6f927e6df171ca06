"""Routes of the marker's life, within the routes of casework."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.casework.models import MarkerStep
from trigpoint_web.casework.views import markers, suggesting

MARKER = "children/<str:key>/markers/<int:marker_id>/"
PROPOSAL = "children/<str:key>/proposals/<int:proposal_id>/"
routes = [
    path("wording/", suggesting.suggest_wording, name="wording"),
    path(PROPOSAL, markers.show_proposal, name="proposal"),
    path(f"{PROPOSAL}accept/", markers.set_marker, name="accept-proposal"),
    path(f"{PROPOSAL}decline/", markers.decline_proposal, name="decline-proposal"),
    path("children/<str:key>/markers/set/", markers.set_marker, name="set-marker"),
    path(MARKER, markers.show_marker, name="marker"),
    path(f"{MARKER}change/", markers.change_marker, {"kind": MarkerStep.Kind.CHANGED}, name="change-marker"),
    path(f"{MARKER}review/", markers.change_marker, {"kind": MarkerStep.Kind.REVIEWED}, name="review-marker"),
    path(f"{MARKER}end/", markers.end_marker, name="end-marker"),
    path(f"{MARKER}dispute/", markers.dispute_marker, name="dispute-marker"),
    path(f"{MARKER}steps/<int:number>/answer/", markers.answer_dispute, name="answer-dispute"),
    path(f"{MARKER}steps/<int:number>/correct/", markers.correct_marker, name="correct-marker"),
]
