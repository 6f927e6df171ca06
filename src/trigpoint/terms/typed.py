"""A file of terms as typed data; the first fault in it as an error with its place."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from trigpoint.terms.located import Located

_Term = TypeVar("_Term", bound=BaseModel)


class Strict(BaseModel):
    """Data with these keys and no others, which nobody changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def typed(located: Located, shape: type[_Term]) -> _Term:
    """The file as `shape`. Raises TermsError, with position and caret, where it is not."""
    try:
        return shape.model_validate(located.value)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        spot = [k for k in first["loc"] if isinstance(k, str | int)]
        raise located.error(
            f"{'.'.join(map(str, spot)) or located.path.name}: {first['msg'].lower()}",
            at=spot,
            mend=f"{len(fault.errors())} thing(s) to mend in {located.path.name}; this is the first.",
        ) from None
