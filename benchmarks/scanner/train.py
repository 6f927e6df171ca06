"""Learn the second opinion's phrases: `python -m benchmarks.scanner.train --benign FOLDER`.

A sparse logistic model (L1, liblinear) over phrases of one to three words, on invented lines by the grammar (families
that are held back are left out) against benign families and three quarters of the real benign text. Phrases made of the
commonest words alone are left out: they would learn how people spell, not what they say. A slope and an offset (Platt)
are fitted on families that the weights did not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
import yaml

from benchmarks.scanner.corpora import corpora, held_back
from benchmarks.scanner.material import lines
from trigpoint.scanner.pack import read_pack

_TRAINED_ON = ("sms", "chitchat")
_COMMONEST = 220
_WORDS = r"\S+"
_EACH = 25
_C = 0.15


def main(
    benign: Annotated[Path, typer.Option(help="A folder of real benign text as JSON lines.")],
    out: Annotated[Path | None, typer.Option(help="The pack's scanner/opinion folder.")] = None,
) -> None:
    """Write weights.tsv and fit.yaml."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    pack = read_pack()
    target = out or Path(__file__).parents[2] / "src/trigpoint/terms/packs/england_wales/scanner/opinion"
    written = [line for line in lines(_EACH) if not line.held]
    real = [
        r["text"]
        for name, rows in corpora(benign).items()
        if name.startswith(_TRAINED_ON)
        for r in rows
        if not held_back(r)
    ]
    texts = [pack.reader.read(t).plain for t in [line.text for line in written] + real]
    label = np.array([line.behaviour is not None for line in written] + [False] * len(real))
    group = np.array([hash_of(line.family) % 5 for line in written] + [i % 5 for i in range(len(real))])
    vectorizer = CountVectorizer(
        ngram_range=(1, 3),
        binary=True,
        min_df=4,
        token_pattern=_WORDS,
        vocabulary=_phrases(texts, label, CountVectorizer),
    )
    seen = vectorizer.fit_transform(texts)
    weight = _balanced(label)

    def fitted(rows: Any) -> Any:
        return LogisticRegression(l1_ratio=1.0, C=_C, solver="liblinear").fit(
            seen[rows], label[rows], sample_weight=weight[rows]
        )

    scores = np.zeros(len(texts))
    for fold in range(5):
        scores[group == fold] = fitted(group != fold).decision_function(seen[group == fold])
    platt = LogisticRegression().fit(scores[:, None], label, sample_weight=weight)
    model = fitted(np.ones(len(texts), dtype=bool))
    names = vectorizer.get_feature_names_out()
    kept = {str(n): float(w) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) > 0.05}
    _write(
        target, kept, bias=float(model.intercept_[0]), slope=float(platt.coef_[0][0]), offset=float(platt.intercept_[0])
    )
    typer.echo(f"{len(kept)} phrases from {label.sum()} invented lines and {len(real)} real ones")


def hash_of(name: str) -> int:
    """A number that is the same in every run."""
    import zlib

    return zlib.crc32(name.encode())


def _phrases(texts: Sequence[str], label: Any, vectorizer: Any) -> list[str]:
    """Phrases seen four times or more with a word that is not one of the commonest."""
    real = [t for t, positive in zip(texts, label, strict=True) if not positive]
    counted = vectorizer(token_pattern=_WORDS, max_features=_COMMONEST).fit(real)
    common = set(counted.get_feature_names_out())
    every = vectorizer(ngram_range=(1, 3), binary=True, min_df=4, token_pattern=_WORDS).fit(texts)
    return [p for p in every.get_feature_names_out() if not _all_common(p.split(), common)]


def _all_common(words: Iterable[str], common: set[str]) -> bool:
    return all(word in common or len(word) < 3 for word in words)


def _balanced(label: Any) -> Any:
    """Both sides weigh alike, so that a text with no known phrase is neither."""
    half = len(label) / 2
    return np.where(label, half / label.sum(), half / (~label).sum())


def _write(folder: Path, weights: dict[str, float], **fit: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    head = "# Learned phrases and their weights in log-odds. Written by python -m benchmarks.scanner.train.\n"
    rows = sorted(weights.items(), key=lambda p: -p[1])
    (folder / "weights.tsv").write_text(head + "".join(f"{p}\t{w:.3f}\n" for p, w in rows), encoding="utf-8")
    told = {"written_by": "python -m benchmarks.scanner.train", **{k: round(v, 4) for k, v in fit.items()}}
    (folder / "fit.yaml").write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
