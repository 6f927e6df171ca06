"""What would change a proposal, read back from its English and said in another language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trigpoint.rules.sentence import on
from trigpoint.rules.spoken.phrases import PHRASES, phrase
from trigpoint.rules.spoken.read_back import DAY, read_day
from trigpoint.terms.pack import Pack


def say_change(kept: str, titles: Mapping[str, str], *, pack: Pack) -> str | None:
    """What `kept` says, in the language of the pack; None where it reads otherwise.

    `titles` are the names of indicators in that language, by their English ones.
    """
    one = "|".join(map(re.escape, sorted(titles, key=len, reverse=True)))
    dated = _shape("finding_on", title=f"(?:{one})", day=DAY)
    proved = _shape("proved_wrong", findings=f"(?P<findings>{dated}(?:; {dated})*)")
    could = _shape("could_add", rules=f"(?P<rules>(?:{one})(?:; (?:{one}))*)")
    found = re.fullmatch(f"(?:{_shape('no_single')}|{proved})(?: {could})?", kept)
    if not found:
        return None
    said = [_decided(found["findings"], one, titles, pack)]
    if rules := found["rules"]:
        said.append(phrase("could_add", pack, rules="; ".join(titles[title[0]] for title in re.finditer(one, rules))))
    return " ".join(said)


def _decided(findings: str | None, one: str, titles: Mapping[str, str], pack: Pack) -> str:
    """Which findings decide it, each with its day; or that no single one does."""
    if findings is None:
        return phrase("no_single", pack)
    dated = re.finditer(_shape("finding_on", title=f"(?P<title>{one})", day=f"(?P<day>{DAY})"), findings)
    said = [
        phrase("finding_on", pack, title=titles[each["title"]], day=on(read_day(each["day"]), pack)) for each in dated
    ]
    return phrase("proved_wrong", pack, findings="; ".join(said))


def _shape(name: str, **places: str) -> str:
    """The English phrase as a pattern, with a pattern at each of its places."""
    pattern = re.escape(PHRASES[name])
    for place, shape in places.items():
        pattern = pattern.replace(re.escape(f"{{{place}}}"), shape)
    return pattern
