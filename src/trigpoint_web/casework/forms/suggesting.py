"""What is said of words that may blame a child: quietly, with another way to say it, never as an error."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from trigpoint_web.casework.language import Suggestion, read

MOST = 5  # suggestions in one notice: more would not be read


def suggested(text: str) -> list[dict[str, object]]:
    """The suggestions for a text, each of its words once, as the page's script takes them."""
    return [{"words": one.words, "why": one.why, "instead": list(one.instead)} for one in _once(read(text))]


def notice(text: str) -> SafeString | None:
    """A notice about words of a text that was kept; None where there is nothing to say."""
    found = _once(read(text))[:MOST]
    if not found:
        return None
    rows = format_html_join("", '<li>“{}”: <span lang="en">{}</span> {}</li>', (_row(one) for one in found))
    return format_html(
        '<p class="govuk-notification-banner__heading">{}</p><ul class="govuk-list govuk-list--bullet">{}</ul>'
        '<p class="govuk-body">{}</p>',
        _("What you wrote is kept. Some words may sound as if the child were to blame"),
        rows,
        _("If another way says it better, correct what you wrote. Nobody is told of this."),
    )


def say_wording(request: HttpRequest, text: str) -> None:
    """Show the notice on the next page, where there is something to say."""
    said = notice(text)
    if said:
        messages.info(request, said, extra_tags="wording")


def _row(one: Suggestion) -> tuple[str, str, str]:
    instead = " ".join(f"“{words}”" for words in one.instead)
    return one.words, one.why, str(_("Perhaps: %(words)s") % {"words": instead})


def _once(found: tuple[Suggestion, ...]) -> list[Suggestion]:
    return list({one.words.lower(): one for one in found}.values())
