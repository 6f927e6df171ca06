"""Routes of response: what is done for a child, meetings, things, actions, dashboards."""

from __future__ import annotations

from django.urls import path

from trigpoint_web.response.views import child, decisions, meeting, things
from trigpoint_web.response.views.dashboards import show_dashboard

CHILD = "children/<str:key>/response/"
MEETING = "meetings/<int:meeting_id>/"
ITEM = f"{MEETING}children/<int:item_id>/"
THING = "things/<int:thing_id>/"
app_name = "response"
urlpatterns = [
    path(CHILD, child.show_response, name="child"),
    path(f"{CHILD}decide/", child.decide, name="decide"),
    path(f"{CHILD}decide/<int:item_id>/", child.decide, name="decide-item"),
    path(f"{CHILD}actions/give/", child.give_action, name="give-action"),
    path(f"{CHILD}decisions/<int:decision_id>/", decisions.show_decision, name="decision"),
    path(f"{CHILD}decisions/<int:decision_id>/replace/", decisions.replace_decision, name="replace-decision"),
    path(f"{CHILD}decisions/<int:decision_id>/give/", child.give_action, name="give-decided-action"),
    path(f"{CHILD}actions/<int:action_id>/", child.take_step, name="action"),
    path(f"{CHILD}notes/write/", child.write_note, name="write-note"),
    path(f"{CHILD}notes/<int:note_id>/correct/", child.write_note, name="correct-note"),
    path(f"{CHILD}plan/", child.show_plan, name="plan"),
    path(f"{CHILD}plan/write/", child.write_plan, name="write-plan"),
    path(f"{CHILD}interviews/<int:episode_id>/", child.keep_interview, name="interview"),
    path(f"{CHILD}referral/", child.check_referral, name="referral"),
    path(f"{CHILD}agenda/", child.put_on_agenda, name="agenda"),
    path(f"{CHILD}strategy/", meeting.call_discussion, name="strategy"),
    path(f"{CHILD}around/", things.put_child_around, name="around"),
    path("meetings/", meeting.list_meetings, name="meeting-list"),
    path("meetings/call/", meeting.call_meeting, name="call-meeting"),
    path(MEETING, meeting.show_meeting, name="meeting"),
    path(f"{MEETING}due/", meeting.add_due, name="add-due"),
    path(f"{MEETING}hold/", meeting.hold_meeting, name="hold-meeting"),
    path(f"{MEETING}close/", meeting.close_meeting, name="close-meeting"),
    path(f"{ITEM}minute/", meeting.write_minute, name="write-minute"),
    path(f"{ITEM}minutes/<int:minute_id>/correct/", meeting.write_minute, name="correct-minute"),
    path("actions/", things.list_actions, name="actions"),
    path("things/", things.list_things, name="things"),
    path("things/make/", things.make_thing, name="make-thing"),
    path(THING, things.show_thing, name="thing"),
    path(f"{THING}actions/give/", things.give_action, name="give-thing-action"),
    path(f"{THING}actions/<int:action_id>/", things.take_step, name="thing-action"),
    path(f"{THING}children/<int:around_id>/", things.take_child_away, name="take-away"),
    path("dashboards/", show_dashboard, name="dashboards"),
]
