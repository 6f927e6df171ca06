"""Learn the second opinion's phrases: `python -m benchmarks.scanner.train --benign FOLDER`.

A logistic model over phrases of one and two words, on lines written for it by several hands, exploiting and ordinary,
on the pack's own examples and near-misses, and on real benign text of which neither the half never looked at nor the
quarter held back is used. Phrases must stand in two written lines at least. Lone words that are among the commonest are
left out, and so is all that is made of words of manner alone (`material/manner.txt`): how somebody spells or where they
come from is no evidence. Weights near nought are dropped. A slope and an offset (Platt, 1999) are fitted on scores that
each hand's lines get from a model of the other hands, whose discrimination is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
import yaml

from benchmarks.scanner.corpora import corpora, trained_on
from benchmarks.scanner.material import Written, words_of_manner, written
from trigpoint.scanner.pack import ScannerPack, read_pack

_COMMONEST = 120
_WORDS = r"\S+"
_C = 1.0
_REAL = 0.1  # what a real benign message weighs beside a written line: there are many, and they are easy
_MOST_REAL = 10_000  # of one corpus
_NEAR_NOUGHT = 0.05


def main(
    benign: Annotated[list[Path], typer.Option(help="A folder of real benign text as JSON lines; may be given again.")],
    out: Annotated[Path | None, typer.Option(help="The pack's scanner/opinion folder.")] = None,
) -> None:
    """Write weights.tsv and fit.yaml."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    pack = read_pack()
    target = out or Path(__file__).parents[2] / "src/trigpoint/terms/packs/england_wales/scanner/opinion"
    lines = [*written(), *_of_the_pack(pack)]
    real = [text for folder in benign for text in _real(folder)]
    texts = [pack.opinion.plainest(pack.reader.read(t, cues=0).plain) for t in [line.text for line in lines] + real]
    label = np.array([bool(line.behaviours) for line in lines] + [False] * len(real))
    weight = np.array([1.0] * len(lines) + [_REAL] * len(real))
    names, seen = _counted(texts, len(lines))

    def fitted(rows: Any) -> Any:
        return LogisticRegression(C=_C, solver="liblinear").fit(seen[rows], label[rows], sample_weight=weight[rows])

    scores = np.zeros(len(lines))
    for hand, own in _by_hand(lines, len(texts)).items():
        at = np.flatnonzero(own)
        scores[at] = fitted(~own).decision_function(seen[at])
        typer.echo(f"{hand}: {len(at)} lines, AUC {roc_auc_score(label[at], scores[at]):.3f} from the other hands")
    platt = LogisticRegression(C=1e6).fit(scores[:, None], label[: len(lines)])
    model = fitted(np.ones(len(texts), dtype=bool))
    kept = {n: float(w) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) > _NEAR_NOUGHT}
    _write(
        target, kept, bias=float(model.intercept_[0]), slope=float(platt.coef_[0][0]), offset=float(platt.intercept_[0])
    )
    typer.echo(f"{len(kept)} phrases from {len(lines)} written lines and {len(real)} real ones")


def _of_the_pack(pack: ScannerPack) -> Iterator[Written]:
    """The examples and near-misses of the pack that are single lines: one hand more."""
    for behaviour in pack.behaviours.values():
        for text in filter(_is_line, behaviour.examples):
            yield Written(text, (behaviour.name,), "direct", "pack")
        for text in filter(_is_line, behaviour.near_misses):
            yield Written(text, (), "direct", "pack")


def _is_line(example: Any) -> bool:
    return isinstance(example, str)


def _real(folder: Path) -> list[str]:
    return [
        text for rows in corpora(folder).values() for text in [r["text"] for r in rows if trained_on(r)][:_MOST_REAL]
    ]


def _by_hand(lines: Sequence[Written], rows: int) -> dict[str, Any]:
    """For each hand, which of all `rows` are its lines."""
    hands = np.array([line.hand for line in lines] + [""] * (rows - len(lines)))
    return {hand: hands == hand for hand in sorted({line.hand for line in lines})}


def _counted(texts: Sequence[str], number: int) -> tuple[list[str], Any]:
    """The phrases to learn, from the first `number` texts, which are written, and where they stand in all of them."""
    from sklearn.feature_extraction.text import CountVectorizer

    alone = CountVectorizer(token_pattern=_WORDS, max_features=_COMMONEST).fit(texts[number:])
    common = set(alone.get_feature_names_out())
    every = CountVectorizer(ngram_range=(1, 2), binary=True, min_df=2, token_pattern=_WORDS).fit(texts[:number])
    manner = words_of_manner()
    phrases = [p for p in every.get_feature_names_out() if p not in common and not manner.issuperset(p.split())]
    counter = CountVectorizer(ngram_range=(1, 2), binary=True, token_pattern=_WORDS, vocabulary=phrases)
    return phrases, counter.transform(texts)


def _write(folder: Path, weights: dict[str, float], **fit: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    head = "# Learned phrases and their weights in log-odds. Written by python -m benchmarks.scanner.train.\n"
    rows = sorted(weights.items(), key=lambda p: -p[1])
    (folder / "weights.tsv").write_text(head + "".join(f"{p}\t{w:.3f}\n" for p, w in rows), encoding="utf-8")
    told = {"written_by": "python -m benchmarks.scanner.train", **{k: round(v, 4) for k, v in fit.items()}}
    (folder / "fit.yaml").write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
