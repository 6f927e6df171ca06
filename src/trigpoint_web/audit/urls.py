"""Routes of overseeing the use of information."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.audit.overseeing import views

app_name = "audit"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("unusual/", views.unusual, name="unusual"),
    path("unusual/<slug:rule>/<uuid:person_id>/<str:day>/", views.review, name="review"),
    path("chain/", views.chain, name="chain"),
]
