"""The review page of a scan."""

from trigpoint.report.scan.data import (
    Advised,
    Counted,
    Segment,
    ShownAccount,
    ShownConversation,
    ShownMessage,
    ShownScan,
    ShownSignal,
    Step,
)
from trigpoint.report.scan.page import render_scan

__all__ = [
    "Advised",
    "Counted",
    "Segment",
    "ShownAccount",
    "ShownConversation",
    "ShownMessage",
    "ShownScan",
    "ShownSignal",
    "Step",
    "render_scan",
]
