"""Being refused: with a sentence where the thing may be known to be there, as "not found" where it may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, ParamSpec

from django.utils.translation import gettext_lazy as _

from trigpoint.errors import TrigpointError

Given = ParamSpec("Given")


class RefusedError(TrigpointError):
    """Something that this person may not do. `what` is the sentence for them, `rule` the name of what refused."""

    status: ClassVar[int] = 403
    page: ClassVar[str] = "refused"

    def __init__(
        self, what: str, *, rule: str, thing: str = "", thing_id: object = "", mend: str | None = None
    ) -> None:
        super().__init__(what, mend=mend)
        self.rule = rule
        self.thing = thing
        self.thing_id = str(thing_id)

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (type(self), self.what, self.rule, self.thing, self.thing_id, self.mend))


class NotThereError(RefusedError):
    """There is no such thing for this person: unknown and forbidden are answered alike."""

    status = 404
    page = "not_there"

    def __init__(self, *, thing: str, thing_id: object = "") -> None:
        super().__init__(str(_("We cannot find this page.")), rule="not_there", thing=thing, thing_id=thing_id)

    def __reduce__(self) -> tuple[object, ...]:
        return (_nowhere, (self.thing, self.thing_id))


def _again(kind: type[RefusedError], what: str, rule: str, thing: str, thing_id: str, mend: str) -> RefusedError:
    return kind(what, rule=rule, thing=thing, thing_id=thing_id, mend=mend)


def _nowhere(thing: str, thing_id: str) -> NotThereError:
    return NotThereError(thing=thing, thing_id=thing_id)


def allows(check: Callable[Given, object], /) -> Callable[Given, bool]:
    """The `can_x` of a `check_x`: whether it raises nothing."""

    def can(*given: Given.args, **named: Given.kwargs) -> bool:
        try:
            check(*given, **named)
        except RefusedError:
            return False
        return True

    can.__name__ = check.__name__.replace("check_", "can_")
    can.__doc__ = f"Whether `{check.__name__}` allows it."
    return can
