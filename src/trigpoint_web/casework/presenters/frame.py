"""What stands on top of every page of a child: who it is, whether missing, which markers stand, and the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.policy import can_do, can_see_whole
from trigpoint_web.casework.presenters.wording import LEVEL_COLOURS, address, age, called, day, form_title
from trigpoint_web.casework.queries.child_page import Headline

# The pages of a child in their order: words, route, and whether agencies that see headlines alone have it.
TABS: Final = (
    (gettext_lazy("Summary"), "casework:child", True),
    (gettext_lazy("Markers"), "casework:child-markers", False),
    (gettext_lazy("Chronology"), "casework:child-chronology", False),
    (gettext_lazy("Findings"), "casework:child-findings", False),
    (gettext_lazy("Missing"), "casework:child-missing", False),
    (gettext_lazy("Connections"), "casework:child-connections", False),
    (gettext_lazy("Response"), "response:child", False),
    (gettext_lazy("Documents"), "casework:child-documents", False),
    (gettext_lazy("Why one child"), "review:identity", False),
    (gettext_lazy("Who has looked"), "casework:child-access-log", False),
)


@dataclass(frozen=True)
class Frame:
    """The top of a child's page."""

    child: Child
    name: str
    facts: list[str]
    tags: list[dict[str, str]]
    tabs: list[dict[str, Any]]
    moved_to: str | None
    may_write: bool


def frame(
    user: User, top: Headline, *, tab: str, missing: Sequence[MissingEpisode] = (), moved_to: str | None = None
) -> Frame:
    """The top of the page `tab` (a route). `moved_to` is the key under which the records stand now, if they moved."""
    born: Any = top.face.get("birth_on")
    facts = [age(born), _("born %(day)s") % {"day": day(born)} if born else "", area_name(top)]
    whole = can_see_whole(user, top.child)
    return Frame(
        child=top.child,
        name=called(top.face),
        facts=[fact for fact in facts if fact],
        tags=[*_missing_tags(missing), *_marker_tags(top)],
        tabs=_tabs(top.child.key, current=tab, whole=whole),
        moved_to=moved_to,
        may_write=whole and can_do(user, "write") and top.child.superseded_by_id is None,
    )


def area_name(top: Headline) -> str:
    """The child's area, where the agreement shows it and the partnership has it."""
    return top.child.area.name if top.child.area and top.face.get("area") else ""


def _missing_tags(missing: Sequence[MissingEpisode]) -> list[dict[str, str]]:
    return [{"text": _("Missing now"), "classes": "govuk-tag--red"}] if missing else []


def _marker_tags(top: Headline) -> list[dict[str, str]]:
    open_ones = [one for one in top.markers if one.status == "set"]
    return [
        {
            "text": f"{form_title(one.form)}: {one.get_level_display().lower()}",
            "classes": LEVEL_COLOURS.get(one.level, ""),
        }
        for one in open_ones
    ]


def _tabs(key: str, *, current: str, whole: bool) -> list[dict[str, Any]]:
    shown = [(words, route, address(route, key)) for words, route, headline in TABS if whole or headline]
    return [{"text": words, "href": at, "active": route == current} for words, route, at in shown if at]
