"""Routes of who may see a child: restriction, conflicts of interest, emergency access."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.casework.views import access, emergency

ACCESS = "children/<str:key>/access/"
routes = [
    path(ACCESS, access.show_access, name="access"),
    path(f"{ACCESS}restrict/", access.restrict, name="restrict"),
    path(f"{ACCESS}restrictions/<int:restriction_id>/lift/", access.lift, name="lift-restriction"),
    path(f"{ACCESS}conflict/", access.declare, name="declare-conflict"),
    path(f"{ACCESS}conflicts/<int:conflict_id>/end/", access.end, name="end-conflict"),
    path("children/<str:key>/emergency/", emergency.take, name="take-emergency"),
    path("emergency/", emergency.list_waiting, name="emergencies"),
    path("emergency/<int:access_id>/", emergency.review, name="review-emergency"),
]
