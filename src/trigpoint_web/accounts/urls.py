"""Routes of signing in, of one's account, of the purpose, and of an agency's people."""

from __future__ import annotations

import allauth.urls
from django.urls import include, path

from trigpoint_web.accounts import views
from trigpoint_web.accounts.signing_in.closed import closed_routes
from trigpoint_web.accounts.step_up import all_answering

pages = (
    [
        path("home/", views.go_home, name="home"),
        path("account/", views.show_me, name="me"),
        path("purpose/", views.ask_purpose, name="purpose"),
        path("people/", views.list_people, name="people"),
        path("people/invite/", views.invite, name="invite"),
        path("people/<uuid:person_id>/", views.show_person, name="person"),
        path("people/<uuid:person_id>/place/", views.place, name="place"),
        path("people/<uuid:person_id>/close/", views.close, name="close"),
        path("people/<uuid:person_id>/open/", views.open_again, name="open"),
        path("people/<uuid:person_id>/second-factor/", views.reset_factor, name="reset-factor"),
    ],
    "accounts",
)
urlpatterns = [
    path("", include(pages)),
    *closed_routes("sign-in/"),
    path("sign-in/", include(all_answering(allauth.urls.urlpatterns))),
]
