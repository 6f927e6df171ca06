"""Routes of the questions about who is one child."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.review import views

app_name = "review"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("questions/<int:question_id>/", views.show_question, name="question"),
    path("keys/<int:question_id>/", views.show_key_question, name="key"),
    path("children/<str:key>/", views.show_identity, name="identity"),
]
