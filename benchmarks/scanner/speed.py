"""Messages a processor second, side by side in one run, one process, one thread."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from time import process_time

from benchmarks.scanner import minilm, minilm_onnx
from trigpoint.scanner import Batch, Message, Scanner

BATCH = 1024


def rates(texts: Sequence[str], messages: Sequence[Message], *, rounds: int = 3) -> dict[str, float]:
    """Messages a processor second of each system, the best of `rounds` that took turns.

    `messages` are texts with who wrote them in which conversation, for the stream.
    """
    systems = {name: made for name, made in _systems(texts, messages).items() if made}
    best: dict[str, float] = dict.fromkeys(systems, 0.0)
    for _ in range(rounds):
        for name, (run, many) in systems.items():
            before = process_time()
            run()
            best[name] = max(best[name], many / (process_time() - before))
    return best


def first(texts: Sequence[str]) -> float:
    """Messages a processor second of a scanner that meets every word of them for the first time."""
    scanner = Scanner.load()
    scanner.scan_messages(_batch(["who wants to make a quick £300, no risk, dm me"] * BATCH))
    before = process_time()
    for i in range(0, len(texts), BATCH):
        scanner.scan_messages(_batch(texts[i : i + BATCH]))
    return len(texts) / (process_time() - before)


def _systems(texts: Sequence[str], messages: Sequence[Message]) -> dict[str, tuple[Callable[[], object], int] | None]:
    scanner = Scanner.load()
    batches = [_batch(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
    single = [_batch([text]) for text in texts[:8_000]]
    signs = [scanner.pack.reader.read(text).words for text in texts[:200]]
    strings = ["".join(w.sign for w in words) for words in signs]
    every = [re.compile(e.pattern) for cue in scanner.pack.lexicon.cues.values() for e in cue.expressions]
    return {
        "trigpoint, batches of 1,024": (lambda: [scanner.scan_messages(b) for b in batches], len(texts)),
        "trigpoint, one at a time": (lambda: [scanner.scan_messages(b) for b in single], len(single)),
        "trigpoint, a stream with state, many at once": (lambda: _streamed(scanner, messages, BATCH), len(messages)),
        "trigpoint, a stream with state, one by one": (lambda: _streamed(scanner, messages[:8_000], 1), 8_000),
        "re, the same phrases": (lambda: [[e.search(s) for e in every] for s in strings], len(strings)),
        "scikit-learn hashing and logistic regression": _hashing(texts),
        "MiniLM sentence embedding (ONNX int8)": _embedding(texts[:1024]) if minilm_onnx.there() else None,
        "MiniLM sentence embedding (numpy)": None if minilm_onnx.there() else _embedding(texts[:256]),
    }


def _streamed(scanner: Scanner, messages: Sequence[Message], size: int) -> None:
    stream = scanner.stream()
    for i in range(0, len(messages), size):
        stream.take(messages[i : i + size])


def _batch(texts: Sequence[str]) -> Batch:
    many = len(texts)
    return Batch(texts, [str(i) for i in range(many)], ["c"] * many, ["a"] * many, [None] * many)


def _hashing(texts: Sequence[str]) -> tuple[Callable[[], object], int] | None:
    if not find_spec("sklearn"):
        return None
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier

    vectorizer = HashingVectorizer(ngram_range=(1, 2), n_features=2**18)
    model = SGDClassifier(loss="log_loss").fit(
        vectorizer.transform(texts[:2000]), [i % 2 for i in range(len(texts[:2000]))]
    )
    return lambda: [
        model.predict(vectorizer.transform(texts[i : i + BATCH])) for i in range(0, len(texts), BATCH)
    ], len(texts)


def _embedding(texts: Sequence[str]) -> tuple[Callable[[], object], int] | None:
    if not minilm.there():
        return None
    model = minilm_onnx.MiniLM8() if minilm_onnx.there() else minilm.MiniLM()
    return lambda: [model.encode(texts[i : i + 32]) for i in range(0, len(texts), 32)], len(texts)
