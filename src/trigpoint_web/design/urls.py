"""Routes of the frame: language, drafts, and the page that shows every component."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.design import views

app_name = "design"
urlpatterns = [
    path("language/<slug:code>/", views.choose_language, name="language"),
    path("drafts/<str:key>/", views.save_draft, name="draft"),
    path("design/", views.show_components, name="components"),
]
