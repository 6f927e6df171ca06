"""Score real benign text for the bound on false alarms: `python -m benchmarks.scanner.calibrate --benign FOLDER …`.

Only counts and scores are kept, never the text. What the second opinion was trained on is not scored.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer
import yaml

from benchmarks.scanner.corpora import corpora, surface_of, trained_on
from benchmarks.scanner.scores import highest
from trigpoint.scanner import Scanner

NAMES = {
    "sms": "SMS messages", "chitchat": "student small talk", "nps": "NPS Chat rooms", "conda": "Dota 2 match chat",
    "lol": "League of Legends chat", "jobs": "job adverts", "lyrics": "lines of rap lyrics",
    "overheard": "overheard remarks",
}  # fmt: skip
_FROM = 1.5


def main(
    benign: Annotated[list[Path], typer.Option(help="A folder of real benign text as JSON lines; may be given again.")],
) -> None:
    """Write calibration.yaml of the pack."""
    scanner = Scanner.load()
    surfaces: dict[str, dict[str, object]] = {}
    texts: dict[str, list[str]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    for folder in benign:
        for corpus, rows in corpora(folder).items():
            kept = [r["text"] for r in rows if not trained_on(r)]
            surface = surface_of(corpus)
            texts[surface] += kept
            names[surface].append(next(plain for name, plain in NAMES.items() if corpus.startswith(name)))
    for surface, many in sorted(texts.items()):
        scores = sorted(round(s, 2) for s in (highest(scanner, t) for t in many) if s >= _FROM)
        surfaces[surface] = {"looked_at": len(many), "corpus": " and ".join(names[surface]), "scores": scores}
        typer.echo(f"{surface}: {len(many):,} looked at, {len(scores)} with {_FROM} points or more")
    target = Path(__file__).parents[2] / "src/trigpoint/terms/packs/england_wales/scanner/calibration.yaml"
    told = {"written_by": "python -m benchmarks.scanner.calibrate", "surfaces": surfaces}
    target.write_text(yaml.safe_dump(told, sort_keys=False, width=120, default_flow_style=None), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
