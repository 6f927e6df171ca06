"""An explanation as plain data: for a file, an API or a picture. It names no name, date or number of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log2
from typing import Any

from trigpoint.linkage.explaining.explain import Evidence, PairExplanation
from trigpoint.linkage.explaining.wording import odds_words, probability_words, verdict_words
from trigpoint.linkage.scoring.model import LinkSettings


def pair_data(pair: PairExplanation, settings: LinkSettings) -> dict[str, Any]:
    """One pair: records, verdict and what decided it, weights in bits (2 to the weight are the odds), thresholds.

    `evidence` is a list of {comparison, found, weight, one_in}, the weightiest first; `one_in` says how common the
    shared value is (one record in so many), or is null.
    """
    return {
        "record_a": pair.record_a,
        "record_b": pair.record_b,
        "verdict": pair.verdict,
        "verdict_in_words": verdict_words(pair.verdict),
        "decided_by": pair.decided_by,
        "reason": pair.reason,
        "prior": round(pair.prior, 3),
        "weight": round(pair.weight, 3),
        "odds_in_words": odds_words(pair.weight),
        "probability": pair.probability,
        "probability_in_words": probability_words(pair.probability),
        "evidence": [_evidence(item) for item in sorted(pair.evidence, key=lambda each: -abs(each.weight))],
        "not_compared": list(pair.not_compared),
        "join_at": round(_bits(settings.join), 3),
        "ask_at": round(_bits(settings.ask), 3),
    }


def cluster_data(
    pairs: Iterable[PairExplanation],
    settings: LinkSettings,
    *,
    records: Sequence[Mapping[str, str]],
    child: str,
) -> dict[str, Any]:
    """A child's records with those that a question or a guard ties to them, and every pair that was weighed.

    `records` are {record, child, agency}: those of `child` and of others near it. A pair is `joined`, `asked`,
    `parted` or (not kept) weighed in vain; it is `held` where both records are one child now.
    """
    of = {record["record"]: record["child"] for record in records}
    made = [pair_data(pair, settings) for pair in pairs]
    for pair in made:
        pair["held"] = of[pair["record_a"]] == of[pair["record_b"]]
        pair["line"] = LINES[pair["verdict"]]
    return {
        "child": child,
        "records": [dict(record) for record in records],
        "pairs": [pair for pair in made if pair["line"] != "none"],
    }


LINES = {"join": "joined", "ask": "asked", "apart": "parted", "none": "none"}


def _evidence(item: Evidence) -> dict[str, Any]:
    return {"comparison": item.comparison, "found": item.found, "weight": round(item.weight, 3), "one_in": item.one_in}


def _bits(probability: float) -> float:
    return log2(probability / (1 - probability))
