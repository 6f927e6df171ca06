"""A provider's children's risk assessment, drafted from its answers, with the exploitation that codes leave out.

Its four steps are those of Ofcom's guide: what content is harmful, how great the risk is for each kind, what is done,
and how it is reported, reviewed and kept. Kinds are those that the Act names (sections 61 and 62) and two that it does
not designate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trigpoint.errors import SettingsError, nearest
from trigpoint.report.wording import day, listed, number
from trigpoint.terms.located import read_yaml
from trigpoint.terms.pack import load_pack

_TEMPLATES = Path(__file__).parents[1] / "report" / "templates"
_HIDE_UP_TO = 5  # counts of incidents up to this are not printed as they are
_ORDER = ("negligible", "low", "medium", "high")
_MANY_CHILDREN = 1_000_000

Likelihood = Literal["unlikely", "possible", "likely", "not known"]
Impact = Literal["minor", "serious", "severe"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(_Strict):
    """What the service is, and which children use it."""

    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    uk_children: int | None = Field(default=None, ge=0)
    age_groups: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


class Measure(_Strict):
    """A measure in place, whether it works, and how that is known."""

    measure: str
    works: Literal["yes", "partly", "not known"] = "not known"
    evidence: str = ""


class KindAnswer(_Strict):
    """What the provider knows of one kind of harm."""

    likelihood: Likelihood = "not known"
    impact: Impact | None = None
    incidents: int | None = Field(default=None, ge=0)
    age_groups: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()


class Answers(_Strict):
    """A provider's answers."""

    service: Service
    accountable: str = Field(min_length=1)
    made_on: date
    access_assessed_on: date | None = None
    inputs: dict[str, str] = Field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    kinds: dict[str, KindAnswer] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One kind of harm: its level, and every reason for it."""

    name: str
    title: str
    part: str
    about: str
    level: str
    likelihood: str
    impact: str
    reasons: tuple[str, ...]
    factors: tuple[str, ...]
    incidents: str
    age_groups: tuple[str, ...]
    evidence: tuple[str, ...]
    to_do: tuple[str, ...]


def draft_assessment(answers_file: Path, *, pack: str = "england_wales") -> str:
    """The draft as Markdown, for the provider to correct, complete and sign.

    The same answers give the same draft. Raises SettingsError naming the key where an answer is missing or unknown.
    """
    terms = _terms(pack)
    answers = _answers(answers_file)
    _check(answers, terms)
    kinds = [_assessed(name, kind, answers, terms) for name, kind in terms["kinds"].items()]
    made = Environment(  # noqa: S701 - Markdown for an editor, not a page for a browser
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(day=day, number=number, listed=listed)
    names = {kind.name for kind in kinds if kind.level != "negligible"}
    return made.get_template("risk_assessment.md").render(
        answers=answers,
        terms=terms,
        kinds=kinds,
        routes=[r for r in terms["routes"] if names & set(r["if"])],
        many_children=(answers.service.uk_children or 0) > _MANY_CHILDREN,
        review_on=_year_on(answers.made_on),
        missing=_missing(answers, terms),
    )


def example_answers(pack: str = "england_wales") -> str:
    """A file of answers to fill in, with every word that can be chosen."""
    terms = _terms(pack)
    kinds = "".join(f"  {name}: {{likelihood: not known, evidence: []}}\n" for name in terms["kinds"])
    return (
        "# Answers for a children's risk assessment. What is not known stays so: the higher level is then taken.\n"
        'service:\n  name: ""\n  description: ""\n  uk_children:          # how many, if known\n'
        f"  age_groups: []        # of: {', '.join(terms['age_groups'])}\n"
        f"  functions: []         # of: {', '.join(terms['functions'])}\n"
        'accountable: ""         # name and role\nmade_on: 2026-01-31\n'
        "access_assessed_on:     # when it was assessed whether children use the service\n"
        f"inputs: {{}}              # what was looked at and what it says, of: {', '.join(terms['inputs'])}\n"
        'measures: []            # such as {measure: age_assurance, works: partly, evidence: "..."}\n'
        f"# measures are: {', '.join(terms['measures'])}\n"
        f"kinds:                  # likelihood: unlikely, possible, likely, not known\n{kinds}"
    )


def _terms(pack: str) -> dict[str, Any]:
    return dict(read_yaml(load_pack(pack).folder / "risk_assessment.yaml").value)


def _answers(path: Path) -> Answers:
    if not path.is_file():
        raise SettingsError("There is no such file.", mend="Write one with: trigpoint risk-assessment --example")
    value = read_yaml(path, kind=SettingsError).value
    try:
        return Answers.model_validate(value)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        said = {"missing": "is missing", "extra_forbidden": "is not asked for"}.get(first["type"], first["msg"].lower())
        raise SettingsError(f"'{key}': {said}.", where=f"the answers, {key}", mend="See docs/scan.md.") from None


def _check(answers: Answers, terms: Mapping[str, Any]) -> None:
    asked = {
        "service.functions": (answers.service.functions, terms["functions"]),
        "service.age_groups": (answers.service.age_groups, terms["age_groups"]),
        "measures": ([m.measure for m in answers.measures], terms["measures"]),
        "inputs": (list(answers.inputs), terms["inputs"]),
        "kinds": (list(answers.kinds), terms["kinds"]),
        "kinds.age_groups": ([a for kind in answers.kinds.values() for a in kind.age_groups], terms["age_groups"]),
    }
    for key, (said, known) in asked.items():
        for one in said:
            if one not in known:
                near = nearest(one, list(known))
                hint = f"Did you mean '{near}'?" if near else f"There are: {', '.join(known)}."
                raise SettingsError(f"'{key}' has no '{one}'.", where=f"the answers, {key}", mend=hint)


def _assessed(name: str, kind: Mapping[str, Any], answers: Answers, terms: Mapping[str, Any]) -> Assessed:
    said = answers.kinds.get(name, KindAnswer())
    factors = [f for f in kind["raised_by"] if f in answers.service.functions]
    likelihood, reasons = _likelihood(said, factors, answers, terms)
    impact = said.impact or kind["impact"]
    if said.impact is None:
        reasons.append(f"impact not answered: taken as {impact}")
    return Assessed(
        name=name,
        title=kind["title"],
        part=kind["part"],
        about=kind["about"],
        level=terms["levels"][likelihood][impact],
        likelihood=likelihood,
        impact=impact,
        reasons=tuple(reasons),
        factors=tuple(terms["functions"][f] for f in factors),
        incidents=_counted(said.incidents),
        age_groups=said.age_groups or answers.service.age_groups,
        evidence=said.evidence,
        to_do=said.to_do,
    )


def _likelihood(
    said: KindAnswer, factors: Sequence[str], answers: Answers, terms: Mapping[str, Any]
) -> tuple[str, list[str]]:
    """Doubt takes the higher level (Ofcom's guide): what is not known counts as likely where the service has means."""
    strong = [m for m in answers.measures if m.works == "yes" and m.evidence and m.measure not in terms["weak_alone"]]
    if said.likelihood == "not known":
        taken = "likely" if factors else "possible"
        return taken, [f"likelihood not known: the higher is taken ({taken})"]
    reasons = [f"likelihood answered: {said.likelihood}"]
    if said.likelihood == "unlikely" and (said.incidents or 0) > 0:
        return "possible", [*reasons, "raised: incidents are known"]
    if said.likelihood == "unlikely" and factors and not strong:
        return "possible", [*reasons, "raised: no measure is shown to work, and the service has the means"]
    if said.likelihood == "unlikely" and not said.evidence:
        return "possible", [*reasons, "raised: nothing is given for it"]
    return said.likelihood, reasons


def _counted(incidents: int | None) -> str:
    if incidents is None:
        return "not counted"
    return "none" if incidents == 0 else f"{_HIDE_UP_TO} or fewer" if incidents <= _HIDE_UP_TO else number(incidents)


def _missing(answers: Answers, terms: Mapping[str, Any]) -> list[str]:
    """What a reader of the draft should know was not answered."""
    found = [] if answers.service.uk_children is not None else ["how many children in the UK use the service"]
    found += [] if answers.service.age_groups else ["which age groups use it"]
    found += [] if answers.access_assessed_on else ["when it was assessed whether children are likely to use it"]
    found += [i["title"] for n, i in terms["inputs"].items() if i["core"] and not answers.inputs.get(n)]
    found += [f"how likely it is: {k['title'].lower()}" for n, k in terms["kinds"].items()
              if answers.kinds.get(n, KindAnswer()).likelihood == "not known"]  # fmt: skip
    found += [
        f"how it is known that it works: {terms['measures'][m.measure]}" for m in answers.measures if not m.evidence
    ]
    return found


def _year_on(made_on: date) -> date:
    try:
        return made_on.replace(year=made_on.year + 1)
    except ValueError:
        return date(made_on.year + 1, 2, 28)
