"""Routes of retention, erasure, holds, and requests of the people whose records these are."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.rights.views import erasing, holds, pack, requests

app_name = "rights"
REQUEST = "requests/<int:request_id>/"
urlpatterns = [
    path("", erasing.show_due, name="due"),
    path("agreements/", erasing.decide_agreements, name="agreements"),
    path("waiting/", erasing.show_waiting, name="waiting"),
    path("erasures/", erasing.show_erasures, name="erasures"),
    path("erasures/<uuid:erasure_id>/", erasing.show_erasure, name="erasure"),
    path("holds/", holds.show_holds, name="holds"),
    path("holds/new/", holds.new_hold, name="new-hold"),
    path("holds/<int:hold_id>/end/", holds.end, name="end-hold"),
    path("requests/", requests.show_requests, name="requests"),
    path("requests/new/", requests.new_request, name="new-request"),
    path(REQUEST, requests.show_request, name="request"),
    path(f"{REQUEST}identity/", requests.confirm_identity, name="identity"),
    path(f"{REQUEST}extend/", requests.extend, name="extend"),
    path(f"{REQUEST}answer/", requests.answer, name="answer"),
    path(f"{REQUEST}pack/", pack.show_pack, name="pack"),
    path(f"{REQUEST}pack/entry/", pack.show_item, name="pack-item"),
    path(f"{REQUEST}pack/file/", pack.open_file, name="pack-file"),
    path(f"{REQUEST}pack/leave/", pack.download, name="pack-leave"),
]
