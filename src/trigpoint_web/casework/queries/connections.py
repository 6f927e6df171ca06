"""What a child shares with other children whom the person may see too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trigpoint.errors import NotFoundError, StoreError
from trigpoint.services.find_connections import Shared, find_connections
from trigpoint.services.workspace import open_workspace
from trigpoint_web.accounts.models import User
from trigpoint_web.casework.agreement import Agreement, show_face
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import check_sees_whole, children_visible_to
from trigpoint_web.casework.queries.child_page import partnership_folder


@dataclass(frozen=True)
class OtherChild:
    """Another child who has the same thing, with the face that the person may see."""

    child: Child
    face: dict[str, object]
    shared: Shared


@dataclass(frozen=True)
class Connection:
    """One thing that this child (`own`) and others have. Children whom the person may not see are not among them."""

    kind: str
    value: str
    own: Shared
    others: Sequence[OtherChild]


@dataclass(frozen=True)
class ConnectionsRead:
    """The connections; `closed` says why none could be read, empty where they could.

    `older`: what agencies sent since the last run was taken in is left out.
    """

    connections: Sequence[Connection]
    closed: str = ""
    older: bool = False


def connections_of(user: User, child: Child) -> ConnectionsRead:
    """What the child shares with others. How many there are whom the person may not see is not said."""
    check_sees_whole(user, child)
    try:
        with open_workspace(partnership_folder()) as workspace:
            found = find_connections(workspace, child.key, older=True)
    except NotFoundError:
        return ConnectionsRead([])
    except StoreError as fault:
        return ConnectionsRead([], closed=fault.what)
    return ConnectionsRead(_seen(user, child, found.rows), older=found.older)


def _seen(user: User, child: Child, rows: Iterable[Shared]) -> list[Connection]:
    agreement = Agreement.of(user.agency)
    kept = [one for one in rows if all(map(agreement.shows_kind, one.kinds)) and not agreement.hides_some_of(one.kinds)]
    keys = {one.child_key for one in kept if one.child_key != child.key}
    seen = {one.key: one for one in children_visible_to(user).filter(key__in=keys).select_related("face")}
    own = {(one.kind, one.value): one for one in kept if one.child_key == child.key}
    others: dict[tuple[str, str], list[OtherChild]] = {}
    for one in kept:
        if one.child_key in seen and (one.kind, one.value) in own:
            other = seen[one.child_key]
            others.setdefault((one.kind, one.value), []).append(
                OtherChild(other, show_face(other.face, agreement), one)
            )
    return [Connection(*thing, own[thing], found) for thing, found in others.items()]
