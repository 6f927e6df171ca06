"""Commands about who is who: find, why, review-sample."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from trigpoint.cli.flow import Folder
from trigpoint.cli.screen import Telling, say
from trigpoint.services.explain_records import explain_child, explain_two, keep_explanation
from trigpoint.services.find_child import find_child
from trigpoint.services.review_sample import draw_review_sample, take_answers
from trigpoint.services.say_found import say_found
from trigpoint.services.workspace import open_workspace


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("find")(find)
    app.command("why")(why)
    app.command("review-sample")(review_sample)


def find(
    folder: Folder,
    given: Annotated[str | None, typer.Option(help="Given names.", show_default=False)] = None,
    family: Annotated[str | None, typer.Option(help="Family name.", show_default=False)] = None,
    born: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date.", show_default=False)] = None,
    estimated: Annotated[bool, typer.Option("--estimated", help="Only the year of birth is sure.")] = False,
    sex: Annotated[Literal["F", "M"] | None, typer.Option(help="As recorded.", show_default=False)] = None,
    postcode: Annotated[str | None, typer.Option(help="Of the home.", show_default=False)] = None,
    address: Annotated[str | None, typer.Option(help="Of the home, without postcode.", show_default=False)] = None,
    school: Annotated[str | None, typer.Option(help="The school's name.", show_default=False)] = None,
    nhs_number: Annotated[str | None, typer.Option(help="NHS number.", show_default=False)] = None,
    phone: Annotated[str | None, typer.Option(help="Phone number.", show_default=False)] = None,
    also_called: Annotated[list[str] | None, typer.Option(help="Another name, in full.", show_default=False)] = None,
    number: Annotated[
        str | None, typer.Option(help="An agency's own number, as source:number.", show_default=False)
    ] = None,
) -> None:
    """Find the child who is meant: one, several for you to choose from, or none. Never a guess between twins."""
    found = find_child(
        folder,
        given=given,
        family=family,
        born=born.date() if born else None,
        birth_precision="year" if estimated else "day",
        sex=sex,
        postcode=postcode,
        address=address,
        school=school,
        nhs_number=nhs_number,
        phone=phone,
        other_names=tuple(also_called or ()),
        number=number,
    )
    say(*say_found(found))


def why(
    folder: Folder,
    which: Annotated[str, typer.Argument(help="A record id, or a child key.", show_default=False)],
    other: Annotated[str | None, typer.Argument(help="The other record id.", show_default=False)] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Keep it: .svg, .html or .json.", show_default="the screen"),
    ] = None,
) -> None:
    """Show why two records are one child or are not, or what holds a child's records together."""
    with open_workspace(folder) as workspace:
        explained = explain_two(workspace, which, other) if other else explain_child(workspace, which)
        if output is None:
            say(*explained.lines)
        else:
            keep_explanation(explained, output, invented=workspace.partnership.invented)
            say(f"Wrote {output}.")


def review_sample(
    folder: Folder,
    number: Annotated[int, typer.Option("-n", "--number", help="How many pairs to draw.")] = 200,
    output: Annotated[Path, typer.Option("--output", "-o", help="The sheet, a CSV file.")] = Path("review.csv"),
    answers: Annotated[
        Path | None, typer.Option("--answers", help="A sheet that was filled in.", show_default=False)
    ] = None,
    judge: Annotated[bool, typer.Option("--judge", help="Keep the answers as judgements too.")] = False,
    by: Annotated[str, typer.Option("--by", help="Who answered, for --judge.")] = "",
    seed: Annotated[int, typer.Option(help="The same seed draws the same pairs.")] = 1,
) -> None:
    """Draw pairs of records for people to review, or estimate wrong and missed links from their answers."""
    with open_workspace(folder, turn="review a sample" if judge else None) as workspace:
        if answers is None:
            say(*draw_review_sample(workspace, output, size=number, seed=seed, progress=Telling()))
        else:
            say(*take_answers(workspace, answers, judge=judge, by=by).lines())
