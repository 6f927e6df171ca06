"""Early detection on conversations: recall by messages seen, ERDE, latency-weighted F1, and firing before control.

ERDE (Losada and Crestani, 2016) with the cost of a false alarm set to the share of positives; F-latency (Sadeque, Xu
and Bethard, 2018) with its penalty at one half at the median length of the conversations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from trigpoint.scanner import Message, Scanner

AFTER = (1, 3, 5, 10, 20)


@dataclass(frozen=True)
class Case:
    """A conversation, whether it was written as exploitation, and its first order, control or threat."""

    messages: list[Message]
    positive: bool
    first_control: int | None = None


def first_raised(scanner: Scanner, messages: Sequence[Message]) -> int | None:
    """The number of messages after which anything is signalled, or None."""
    for seen in range(1, len(messages) + 1):
        if scanner.scan_conversation(messages[:seen]).signals:
            return seen
    return None


def measured(scanner: Scanner, cases: Sequence[Case]) -> dict[str, float]:
    """All figures by name."""
    raised = [first_raised(scanner, case.messages) for case in cases]
    positive = [(case, at) for case, at in zip(cases, raised, strict=True) if case.positive]
    false = sum(1 for case, at in zip(cases, raised, strict=True) if not case.positive and at)
    found = [at for _, at in positive if at]
    told: dict[str, float] = {f"recall after {k}": sum(1 for at in found if at <= k) / len(positive) for k in AFTER}
    told["recall in all"] = len(found) / len(positive)
    told["false alarms per 1,000 conversations"] = 1000 * false / max(1, len(cases) - len(positive))
    for o in (5, 50):
        told[f"ERDE{o}"] = _erde(cases, raised, o)
    told["latency-weighted F1"] = _latency_f1(cases, found, false=false, positives=len(positive))
    before = [at <= case.first_control for case, at in positive if case.first_control and at]
    controlled = sum(1 for case, _ in positive if case.first_control)
    told["raised by the first control or threat"] = sum(before) / max(1, controlled)
    return told


def _erde(cases: Sequence[Case], raised: Sequence[int | None], o: int) -> float:
    share = sum(case.positive for case in cases) / len(cases)
    cost = 0.0
    for case, at in zip(cases, raised, strict=True):
        if case.positive:
            cost += 1.0 if at is None else 1 - 1 / (1 + math.exp(min(500, at - o)))
        elif at is not None:
            cost += share
    return cost / len(cases)


def _latency_f1(cases: Sequence[Case], found: Sequence[int], *, false: int, positives: int) -> float:
    if not found:
        return 0.0
    precision, recall = len(found) / (len(found) + false), len(found) / positives
    half = median(len(case.messages) for case in cases)
    p = math.log(3) / max(1.0, half - 1)
    penalty = median(-1 + 2 / (1 + math.exp(-p * (at - 1))) for at in found)
    return 2 * precision * recall / (precision + recall) * (1 - penalty)
