"""Exploitation in messages, conversations, accounts and adverts: named early and explained.

Pure: it reads text that it is given and answers. No network, no storage, no SQL, so that a platform can embed it alone.
It names behaviours in messages, never guilt in people: whoever sends a lure may be an exploited child too (ADR 11).
"""

from trigpoint.scanner.answer import (
    AccountAnswer,
    Advice,
    ConversationAnswer,
    Evidence,
    MessageAnswer,
    Opinion,
    Part,
    Signal,
    Span,
    StageStep,
    Template,
    Usual,
    Verdict,
)
from trigpoint.scanner.course.saved import StateError
from trigpoint.scanner.message import SURFACES, Batch, Message, MessageKind, Surface, message_reference
from trigpoint.scanner.scanner import Scanner
from trigpoint.scanner.stream import Stream

__all__ = [
    "SURFACES",
    "AccountAnswer",
    "Advice",
    "Batch",
    "ConversationAnswer",
    "Evidence",
    "Message",
    "MessageAnswer",
    "MessageKind",
    "Opinion",
    "Part",
    "Scanner",
    "Signal",
    "Span",
    "StageStep",
    "StateError",
    "Stream",
    "Surface",
    "Template",
    "Usual",
    "Verdict",
    "message_reference",
]
