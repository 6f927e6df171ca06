"""The linkage model as a file that a person can read: how often true and chance pairs agree, level by level.

The file holds Splink's own settings (`splink`), so Splink can open that part by itself, and beside it what makes a
run repeatable: how common names and postcodes were when the model was made, which postcodes hold many children, which
blocks were too large to compare. SQL is never taken from a file: a model whose comparisons are not those of this
version is refused, because its numbers would be read against other questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from trigpoint.errors import LinkageError
from trigpoint.linkage.features.comparisons import COMPARISONS, splink_comparison

FORMAT = 1
RETRAIN = "Train the model again with this version of Trigpoint, or restore the file from a copy."


class OtherComparisonsError(LinkageError):
    """A model that was made for other comparisons than this version's: whole, but not to be read here."""


@dataclass(frozen=True)
class LinkSettings:
    """Thresholds and limits of linkage. Probabilities are of the pair being one child.

    `family`: the records are of children and those they live with, so that the guards for twins, brothers, sisters
    and parents hold; without it (a list of unrelated people) the weight decides alone.
    """

    join: float = 0.95
    stay: float = 0.80
    ask: float = 0.70
    certain: float = 0.999
    block_cap: int = 200
    name_block_cap: int = 60
    loose_block_cap: int = 25
    rare_block_cap: int = 25
    crowded_postcode_records: int = 40
    largest_child: int = 150
    train_from_records: int = 400
    training_pairs: float = 2e5
    em_pairs: float = 2e5
    seed: int = 1
    family: bool = True

    def __post_init__(self) -> None:
        if not 0.5 <= self.ask <= self.stay <= self.join < 1:
            raise LinkageError(
                f"linkage thresholds must satisfy 0.5 <= ask <= stay <= join < 1, not "
                f"ask {self.ask}, stay {self.stay}, join {self.join}",
                where="LinkSettings",
                mend="Keep each at or above the one before; the defaults are 0.70, 0.80 and 0.95.",
            )


def settings_for_persons() -> LinkSettings:
    """Settings for a list of unrelated people: no family guards, a lower bar, and no chains of likelihoods."""
    return LinkSettings(family=False, join=0.80, stay=0.80, ask=0.60, loose_block_cap=60)


@dataclass(frozen=True)
class LinkModel:
    """Weights and frequencies. `chance` is the probability that two records drawn at random are one child.

    `judged_numbers` is a mark of which NHS numbers stood for one child by a person's word when it was last used.
    """

    splink: Mapping[str, Any]
    made_from: str = "bundled"
    records: int = 0
    frequencies: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    crowded_postcodes: tuple[str, ...] = ()
    stopped_blocks: tuple[int, ...] = ()
    judged_numbers: str = ""
    engine: str = ""

    @property
    def chance(self) -> float:
        """The prior probability that two records are one child."""
        return float(self.splink["probability_two_random_records_match"])

    def weighs_as(self, named: LinkModel) -> bool:
        """Whether it weighs two records as `named` does, which may leave the frequencies to be counted."""
        same = self.splink == named.splink
        if not named.frequencies:
            return same
        theirs = (named.frequencies, named.crowded_postcodes)
        return same and (self.frequencies, self.crowded_postcodes) == theirs

    def odds(self) -> list[list[tuple[float, float]]]:
        """For each comparison (m, u) of its levels, strongest first, the missing level left out."""
        return [
            [(float(level["m_probability"]), float(level["u_probability"])) for level in entry["comparison_levels"][1:]]
            for entry in self.splink["comparisons"]
        ]

    def save(self, path: Path) -> None:
        """Write the model as JSON, whole or not at all."""
        part = path.with_suffix(path.suffix + ".part")
        part.write_text(self.to_json(), encoding="utf-8")
        part.replace(path)

    def to_json(self) -> str:
        """The model as text, the same for the same model; a part a line, for indenting its names is slow."""
        parts = {
            "trigpoint_linkage_model": FORMAT,
            "made_from": self.made_from,
            "records": self.records,
            "splink": self.splink,
            "frequencies": self.frequencies,
            "crowded_postcodes": list(self.crowded_postcodes),
            "stopped_blocks": list(self.stopped_blocks),
            "judged_numbers": self.judged_numbers,
            "engine": self.engine,
        }
        lines = (f" {json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in parts.items())
        return "{\n" + ",\n".join(lines) + "\n}"


def with_odds(
    odds: Sequence[Sequence[tuple[float, float]]], *, chance: float, frequency_floors: Mapping[str, float]
) -> dict[str, Any]:
    """Splink settings for the comparisons of this version with the given (m, u) and prior."""
    comparisons = []
    for comparison, pairs in zip(COMPARISONS, odds, strict=True):
        levels = [
            {"m_probability": m, "u_probability": u}
            | ({"tf_minimum_u_value": frequency_floors[level.frequency_of]} if level.frequency_of else {})
            for level, (m, u) in zip(comparison.levels, pairs, strict=True)
        ]
        comparisons.append(splink_comparison(comparison, levels=levels))
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "n",
        "probability_two_random_records_match": chance,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": comparisons,
        "retain_intermediate_calculation_columns": True,
        "em_convergence": 0.001,
        "max_iterations": 15,
        "retain_matching_columns": False,
        "sql_dialect": "duckdb",
    }


def load_model(path: Path) -> LinkModel:
    """Read a model file, or say what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LinkageError(
            f"the linkage model cannot be read: {error.strerror}", where=str(path), mend=RETRAIN
        ) from error
    return parse_model(text, where=str(path))


def bundled_model(*, records: int = 0) -> LinkModel:
    """The model that ships with Trigpoint: for partnerships too small to learn from.

    Its prior supposes that a record has on average one and a half others of the same child.
    """
    text = files("trigpoint.linkage.scoring").joinpath("data/children.json").read_text(encoding="utf-8")
    model = parse_model(text, where="trigpoint/linkage/scoring/data/children.json")
    chance = min(0.1, 1.5 / max(records - 1, 1)) if records else model.chance
    return replace(model, splink={**model.splink, "probability_two_random_records_match": chance}, records=records)


def parse_model(text: str, *, where: str) -> LinkModel:
    """A model from its JSON text; LinkageError names the first thing that is wrong."""
    try:
        loaded = json.loads(text)
        if loaded["trigpoint_linkage_model"] != FORMAT:
            raise LinkageError(
                f"the linkage model has format {loaded['trigpoint_linkage_model']}, this version reads {FORMAT}",
                where=where,
                mend=RETRAIN,
            )
        model = LinkModel(
            splink=loaded["splink"],
            made_from=loaded["made_from"],
            records=int(loaded["records"]),
            frequencies=loaded["frequencies"],
            crowded_postcodes=tuple(loaded["crowded_postcodes"]),
            stopped_blocks=tuple(loaded["stopped_blocks"]),
            judged_numbers=str(loaded.get("judged_numbers", "not known")),
            engine=loaded["engine"],
        )
        _check(model, where=where)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LinkageError(
            f"the linkage model is not whole ({type(error).__name__}: {error})", where=where, mend=RETRAIN
        ) from error
    return model


def _check(model: LinkModel, *, where: str) -> None:
    """Refuse numbers that are no probabilities, and comparisons that are not those of this version."""
    if not 0 < model.chance < 1:
        raise LinkageError("the linkage model's prior is no probability", where=where, mend=RETRAIN)
    entries = model.splink["comparisons"]
    asked = [[level["sql_condition"] for level in entry["comparison_levels"]] for entry in entries]
    known = [[level["sql_condition"] for level in splink_comparison(c)["comparison_levels"]] for c in COMPARISONS]
    if asked != known:
        differing = [c.name for c, a, k in zip(COMPARISONS, asked, known, strict=False) if a != k]
        named = ", ".join(differing) or "their number"
        raise OtherComparisonsError(
            f"the linkage model was made for other comparisons than this version's ({named})",
            where=where,
            mend=RETRAIN,
        )
    for entry, levels in zip(entries, model.odds(), strict=True):
        if not all(0 < value < 1 and math.isfinite(value) for pair in levels for value in pair):
            raise LinkageError(
                f"the linkage model's '{entry['output_column_name']}' holds a number that is no probability",
                where=where,
                mend=RETRAIN,
            )
