"""Reading is an act: each way in which a child's record leaves this application, with its audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting, PurposeNeededError, acting_in
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act

if TYPE_CHECKING:
    from trigpoint_web.casework.models import Child

View = Callable[..., HttpResponse]


def reading(acting: Acting, child: Child, *, page: str, act: str = Act.READ) -> Child:
    """Record that the person reads this page of the child's record, and hand the child on.

    Raises PurposeNeededError where no purpose was given yet: the middleware then asks for one.
    """
    record(acting, act, thing=page, thing_id=child.key, child_id=child.pk)
    return child


def reading_list(acting: Acting, children: list[int], *, page: str) -> None:
    """Record that the person was shown these children (ids) in a list: one row, which names them all.

    Raises PurposeNeededError where there are any and no purpose was given yet.
    """
    _needs_purpose(acting, children)
    record(acting, Act.READ, thing=page, detail={"children": children})


def reads_child(page: str) -> Callable[[View], View]:
    """Make a view of `(request, key, …)` into one that is given the child, seen and audited: `(request, child, …)`.

    Unknown and forbidden keys are both answered as not there. `?print` in the address is recorded as printing.
    """

    def around(view: View) -> View:
        @wraps(view)
        def seen(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
            from trigpoint_web.casework.policy import check_sees

            acting = acting_in(request)
            child = check_sees(acting.user, key)
            act = Act.PRINT if "print" in request.GET else Act.READ
            return view(request, reading(acting, child, page=page, act=act), *args, **kwargs)

        return seen

    return around


def searching(acting: Acting, terms: Mapping[str, str], *, found: list[int], elsewhere: int = 0) -> None:
    """Record a search: which fields were filled, a keyed hash of each (never the words), and whom it showed.

    Raises PurposeNeededError where it showed any and no purpose was given yet.
    """
    _needs_purpose(acting, [*found, *range(elsewhere)])
    hashed = {name: _hashed(value) for name, value in terms.items() if value}
    record(acting, Act.SEARCH, thing="search", detail={"terms": hashed, "children": found, "elsewhere": elsewhere})


def exporting(acting: Acting, what: str, *, rows: int, children: list[int] | None = None) -> None:
    """Record an export: what, how many rows, and the children in it where it names any."""
    record(acting, Act.EXPORT, thing=what, detail={"rows": rows} | ({"children": children} if children else {}))


def _needs_purpose(acting: Acting, children: list[int]) -> None:
    if children and acting.purpose is None:
        raise PurposeNeededError(_("Say what you need these children's records for."))


def _hashed(value: str) -> str:
    """The same words give the same hash, so that a person who looks for one name often is seen; nobody reads it."""
    keyed = hashlib.blake2b(key=settings.SECRET_KEY.encode()[:64], digest_size=8)
    keyed.update(" ".join(value.lower().split()).encode())
    return keyed.hexdigest()
