"""The page on what is known: one self-contained file, no script, nothing fetched. For the partnership itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from altair.utils.schemapi import debug_mode

from trigpoint.report.known import comparing, over_time, recognised
from trigpoint.report.standalone import draw_page


def render_known(known: Mapping[str, Any]) -> str:
    """The page as text, from the plain data of `services.know_children`. The same data give the same page."""
    with debug_mode(False):  # our charts are tested; checking each against the schema takes seconds
        return draw_page(
            "known.html",
            known=known,
            as_at=date.fromisoformat(known["as_at"]),
            flows=over_time.flows(known),
            waits=over_time.waits(known),
            first=over_time.first_seen(known),
            chances=over_time.chances(known),
            again=over_time.again(known),
            agreement=over_time.agreement(known),
            all_agree=over_time.coefficients(known),
            funnels=comparing.funnels(known),
            areas=comparing.tables(known),
            groups=recognised.figures(known),
            too_few=recognised.too_few(known),
            silent=recognised.silent(known),
            unsaid=recognised.unsaid(known),
            links=comparing.links(known),
        )
