"""Routes of casework: the inbox, search, a child's pages, and the marker's life."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.casework.access_urls import routes as access_routes
from trigpoint_web.casework.marker_urls import routes as marker_routes
from trigpoint_web.casework.views import child, connections, documents, findings, inbox, missing, search

CHILD = "children/<str:key>/"
app_name = "casework"
urlpatterns = [
    path("", inbox.show_inbox, name="inbox"),
    path("search/", search.search, name="search"),
    path("search/new-child/", search.new_child, name="new-child"),
    path(CHILD, child.show_summary, name="child"),
    path(f"{CHILD}markers/", child.show_markers, name="child-markers"),
    path(f"{CHILD}chronology/", child.show_chronology, name="child-chronology"),
    path(f"{CHILD}findings/", findings.show_findings, name="child-findings"),
    path(f"{CHILD}findings/as-known/", findings.show_as_known, name="child-as-known"),
    path(f"{CHILD}missing/", missing.show_missing, name="child-missing"),
    path(f"{CHILD}missing/open/", missing.open_episode, name="open-missing"),
    path(f"{CHILD}missing/<int:episode_id>/found/", missing.close_episode, name="close-missing"),
    path(f"{CHILD}connections/", connections.show_connections, name="child-connections"),
    path(f"{CHILD}documents/", documents.show_documents, name="child-documents"),
    path(f"{CHILD}documents/<int:document_id>/", documents.download, name="document"),
    path(f"{CHILD}access-log/", child.show_access_log, name="child-access-log"),
    *marker_routes,
    *access_routes,
]
