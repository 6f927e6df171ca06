"""The settings of an invented partnership: partnership.toml, gazetteer, own mappings, claimed coverage."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from trigpoint.synthetic.clock import AS_AT, BEGINS
from trigpoint.synthetic.files.layouts import Layout, layouts
from trigpoint.synthetic.people.places import DATA, places

_TITLES: Final = {
    "police": ("Riverside and Lowford Police", "police", 7),
    "missing_persons": ("Police missing-persons system", "missing_persons", 7),
    "return_interviews": ("Lantern (invented charity), return interviews", "charity", 6),
    "childrens_services": ("Children's services of both areas", "childrens_services", 10),
    "education": ("Education services of both areas", "education", 7),
    "health": ("Riverside General and community health", "health", 7),
    "youth_justice": ("Youth justice service", "youth_justice", 7),
    "nrm": ("Log of NRM referrals", "nrm", 10),
    "bank": ("Invented Bank, pilot of 2025", "bank", 3),
    "platform": ("Safety teams of online platforms", "platform", 3),
}
_BASIS: Final = "UK GDPR Art 6(1)(e), 9(2)(g); DPA 2018 Sch 1 para 18; Children Act 2004 s11 (invented agreement)"
# What rows of a kind tell besides: an arrest row tells of custody, a missing row of being found.
_TELLS: Final = {
    "arrest": ("arrest", "custody"),
    "missing": ("missing", "found"),
    "missing_from_care": ("missing", "found"),
    "return_interview_offered": ("return_interview_offered", "return_interview"),
    "section_47": ("section_47", "strategy_discussion"),
    "nrm_referral": ("nrm_referral", "nrm_reasonable_grounds", "nrm_conclusive_grounds"),
    "marker_set": ("marker_set", "marker_ended"),
    "referral": ("referral", "case_closed"),
    "known": (),
    "known_home": ("home",),
}
_CENSUS: Final = ("referral", "case_closed", "assessment", "assessment_factor", "child_in_need_plan", "section_47",
                  "strategy_discussion", "child_protection_plan")  # fmt: skip


def write_settings(folder: Path, *, small: bool, title: str) -> None:
    """Write partnership.toml, places.csv and mappings/ into `folder`."""
    places().write(folder / "places.csv")
    (folder / "mappings").mkdir(exist_ok=True)
    for mapping in sorted((DATA / "mappings").glob("*.yaml")):
        shutil.copyfile(mapping, folder / "mappings" / mapping.name)
    by_source: dict[str, list[Layout]] = defaultdict(list)
    for layout in layouts(small=small).extracts:
        by_source[layout.source].append(layout)
    parts = [_head(title), *(_source(name, held) for name, held in by_source.items())]
    (folder / "partnership.toml").write_text("\n".join(parts), encoding="utf-8")


def _head(title: str) -> str:
    areas = "".join(
        f'\n[[areas]]\ncode = "{code}"\nname = "{name}"\npostcodes = ["{code}"]\n'
        for code, name in places().area_names.items()
    )
    return (
        f"# Invented. Nobody in these files is real; the truth about them lies in truth/, which no run reads.\n"
        f'name = "{title}"\npack = "england_wales"\ninvented = true\n\n'
        f"[period]\nfrom = {_day(BEGINS)}\nto = {_day(AS_AT)}\n{areas}"
    )


def _day(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _source(name: str, held: list[Layout]) -> str:
    title, agency, years = _TITLES[name]
    feeds = "".join(_feed(layout) for layout in held)
    return (
        f'\n[[sources]]\nname = "{name}"\ntitle = "{title}"\nagency = "{agency}"\n\n'
        f'[sources.agreement]\nlawful_basis = "{_BASIS}"\n'
        f'purposes = ["safeguarding children from criminal exploitation"]\nretention_years = {years}\n'
        f"{feeds}{_coverage(held)}"
    )


def _feed(layout: Layout) -> str:
    learnt = f'learnt_when_unstated = "{layout.learnt}"\n' if layout.learnt else ""
    return (
        f'\n[[sources.feeds]]\nname = "{layout.feed}"\nfiles = ["sources/{layout.glob}"]\n'
        f'mapping = "{layout.mapping}"\n{learnt}'
    )


def _coverage(held: list[Layout]) -> str:
    """Claims: the kinds of files that cover the same days and areas stand together."""
    claims: dict[tuple[tuple[tuple[int, int], ...], tuple[str, ...]], dict[str, None]] = defaultdict(dict)
    for layout in held:
        for kind in _CENSUS if layout.shape.kind == "census" else _told(layout):
            claims[_spans(layout), layout.areas][kind] = None
    text = ""
    for (spans, areas), kinds in claims.items():
        for begin, end in spans:
            within = f"areas = {_list(areas)}\n" if areas else ""
            text += f"\n[[sources.coverage]]\nkinds = {_list(kinds)}\nfrom = {_day(begin)}\nto = {_day(end)}\n{within}"
    return text


def _told(layout: Layout) -> list[str]:
    return [told for kind in layout.kinds for told in _TELLS.get(kind, (kind,))]


def _spans(layout: Layout) -> tuple[tuple[int, int], ...]:
    begin, end = layout.period or (BEGINS, AS_AT)
    spans = []
    for gap_begin, gap_end in layout.gaps:
        spans.append((begin, gap_begin - 1))
        begin = gap_end + 1
    return (*spans, (begin, end))


def _list(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{n}"' for n in names) + "]"
