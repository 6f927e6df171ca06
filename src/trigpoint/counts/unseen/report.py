"""A report on the unseen: never one number, and no number without what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from trigpoint.counts.unseen.checks.backtest import Predicted, predict_lists
from trigpoint.counts.unseen.checks.dependence import Depending, depend
from trigpoint.counts.unseen.checks.linkage import RATES, Relinked, relink
from trigpoint.counts.unseen.checks.merging import Redrawn, redraw
from trigpoint.counts.unseen.classical import MOST_LISTS_BY_BIC
from trigpoint.counts.unseen.estimate import Estimate, Settings
from trigpoint.counts.unseen.fitness import Fitness, Verdict, look
from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.judging import judge
from trigpoint.counts.unseen.loglinear import bic, models
from trigpoint.counts.unseen.methods import METHODS, USUAL, estimate

Progress = Callable[[str, int, int], None]  # what, so many of so many done
NEAR_BEST = 10
LEAST_SEEN_IN_STRATUM = 30


@dataclass(frozen=True)
class NearModel:
    """A model that stands near the best: its criterion less that of the best, and its total."""

    model: str
    behind: float
    total: float


@dataclass(frozen=True)
class Report:
    """All that can be said of the unseen from some lists, and how far it can be believed."""

    histories: Histories
    fitness: Fitness
    estimates: tuple[Estimate, ...] = ()
    near_best: tuple[NearModel, ...] = ()
    predicted: tuple[Predicted, ...] = ()
    redrawn: tuple[Redrawn, ...] = ()
    depending: tuple[Depending, ...] = ()
    relinked: tuple[Relinked, ...] = ()
    strata: Mapping[str, Report] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    made_from: str = ""

    @property
    def main(self) -> list[Estimate]:
        """The estimates that make the range: with a total, and neither a bound nor a model known not to fit."""
        return [one for one in self.estimates if one.main and one.total is not None]

    @property
    def spread(self) -> tuple[float, float] | None:
        """The lowest and the highest total that a main method gives."""
        totals = [one.total for one in self.main if one.total is not None]
        return (min(totals), max(totals)) if totals else None

    def as_dict(self) -> dict[str, Any]:
        """All of it in plain dictionaries, lists and numbers, as `json` writes them; None where nothing can be said."""
        return {
            "made_from": self.made_from,
            "verdict": self.fitness.verdict.value,
            "reasons": list(self.fitness.reasons),
            "warnings": list(self.fitness.warnings),
            "lists": [
                {"name": name, "cases": int(cases)}
                for name, cases in zip(self.histories.lists, self.histories.overlaps.diagonal(), strict=True)
            ],
            "seen": self.histories.seen,
            "on_several_lists": self.histories.on_several,
            "overlaps": [
                {"lists": [name for name in self.histories.lists if row[name]], "cases": row["cases"]}
                for row in self.histories.frame().to_pylist()
            ],
            "spread": self.spread and list(self.spread),
            "estimates": [asdict(one) for one in self.estimates],
            "near_best_models": [asdict(one) for one in self.near_best],
            "predicted_lists": [asdict(one) for one in self.predicted],
            "lists_redrawn": [asdict(one) for one in self.redrawn],
            "dependence": [asdict(one) for one in self.depending],
            "linkage_errors": [asdict(one) for one in self.relinked],
            "strata": {name: one.as_dict() for name, one in self.strata.items()},
            "settings": asdict(self.settings),
        }


def appraise(
    histories: Histories,
    *,
    methods: Sequence[str] = USUAL,
    settings: Settings | None = None,
    strata: Mapping[str, Histories] | None = None,
    link_errors: Sequence[tuple[float, float]] = RATES,
    made_from: str = "",
    progress: Progress | None = None,
) -> Report:
    """Everything that can be said: estimates by every method, and how they stand up to being tried.

    `methods` of `METHODS`; `strata` smaller histories of the same lists, by name; `link_errors` pairs of the share of
    links that is false and the share of true links that was missed. Where nothing can be estimated the report says
    why and holds no estimate.
    """
    chosen, tell = settings or Settings(), progress or (lambda _what, _done, _of: None)
    fitness = look(histories)
    if fitness.verdict is Verdict.REFUSED:
        return Report(histories, fitness, settings=chosen, made_from=made_from)
    found = _estimates(histories, methods, settings=chosen, tell=tell)
    tell("The best models by BIC", 0, 1)
    near = _near_best(histories, order=chosen.order)
    tell("Predicting each list from the others", 0, 1)
    predicted = tuple(predict_lists(histories, settings=chosen))
    tell("Merging lists and leaving them out", 0, 1)
    redrawn = tuple(redraw(histories, order=chosen.order))
    tell("Changing dependence and linkage", 0, 1)
    report = Report(
        histories, fitness, found, near, predicted, redrawn, tuple(depend(histories)),
        tuple(relink(histories, rates=link_errors, draws=chosen.link_draws, seed=chosen.seed)), {}, chosen, made_from,
    )  # fmt: skip
    parts = {name: _stratum(one, name, settings=chosen, tell=tell) for name, one in (strata or {}).items()}
    return replace(report, strata=parts, fitness=judge(fitness, report.main, report.predicted))


def _estimates(
    histories: Histories, methods: Sequence[str], *, settings: Settings, tell: Progress
) -> tuple[Estimate, ...]:
    found = []
    for name in methods:
        title = METHODS[name].title
        tell(title, 0, 1)
        found.append(estimate(histories, name, settings=settings, tell=partial(tell, title)))
    return tuple(found)


def _near_best(histories: Histories, *, order: int) -> tuple[NearModel, ...]:
    if len(histories.lists) > MOST_LISTS_BY_BIC:
        return ()
    ranked = bic.best(histories.table, order=order)
    return tuple(
        NearModel(
            models.name(model, lists=histories.lists), float(value - ranked.bic[0]), histories.seen + float(unseen)
        )
        for model, value, unseen in list(zip(ranked.models, ranked.bic, ranked.unseen, strict=True))[:NEAR_BEST]
    )


def _stratum(histories: Histories, name: str, *, settings: Settings, tell: Progress) -> Report:
    """A smaller report on a part: two methods, no trials; none where the part is too small to stand alone."""
    tell(f"Stratum {name}", 0, 1)
    fitness = look(histories)
    if fitness.verdict is Verdict.REFUSED or histories.seen < LEAST_SEEN_IN_STRATUM:
        small = f"Only {histories.seen} cases: fewer than {LEAST_SEEN_IN_STRATUM} cannot stand alone."
        reasons = fitness.reasons if fitness.verdict is Verdict.REFUSED else (small,)
        return Report(histories, Fitness(Verdict.REFUSED, reasons, fitness.warnings), settings=settings)
    found = _estimates(histories, ("independent", "stepwise", "decomposable"), settings=settings.quick(), tell=tell)
    report = Report(histories, fitness, found, settings=settings)
    return replace(report, fitness=judge(fitness, report.main, ()))
