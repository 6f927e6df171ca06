"""The conditions of the batch, which are SQL, as Python: one meaning for linking millions and for looking up one.

SQL has three answers (true, false, null) and Python two, so every condition is written twice: the Python that says
"true" and the Python that says "false"; neither is null. What this cannot read it refuses, so that a change of the
batch can never silently part from the look-up. Only expressions over one row are read: no joins, no windows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, TypeAlias

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from trigpoint.errors import LinkageError
from trigpoint.linkage.lookup import functions

Writer: TypeAlias = "Callable[[Python, Any], str]"

# Functions of one to three values that are null where any value is.
STRICT: Mapping[type[exp.Expression], str] = {
    exp.Length: "length",
    exp.Left: "left",
    exp.Right: "right",
    exp.Substring: "substring",
    exp.Abs: "abs",
    exp.Lower: "lower",
    exp.Pow: "pow",
    exp.Ln: "ln",
    exp.ArrayContains: "contains",
    exp.ArrayOverlaps: "overlap",
    exp.JarowinklerSimilarity: "jaro_winkler_similarity",
    exp.Levenshtein: "levenshtein",
    exp.SplitPart: "split_part",
    exp.ArrayDistinct: "distinct",
    exp.Add: "add",
    exp.Sub: "subtract",
    exp.Mul: "multiply",
    exp.Div: "divide",
    exp.DPipe: "joined",
}
# What is written out instead of called: a look-up does each of these some thousand times.
WRITTEN_OUT = {
    "length": "len({0})",
    "add": "({0} + {1})",
    "subtract": "({0} - {1})",
    "multiply": "({0} * {1})",
    "joined": "({0} + {1})",
    "contains": "({1} in {0})",
}
NAMED = {"damerau_levenshtein": "damerau_levenshtein", "list_intersect": "intersect", "len": "length"}
COMPARED: Mapping[type[exp.Expression], str] = {
    exp.EQ: "==",
    exp.NEQ: "!=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
OPPOSITE = {"==": "!=", "!=": "==", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}
CASTS = {"INT": "whole", "BIGINT": "whole", "DOUBLE": "number", "FLOAT": "number", "VARCHAR": "text", "TEXT": "text"}


class _AsWritten(DuckDB):
    """DuckDB's SQL, with places in lists left as they are written: counted from 1."""

    INDEX_OFFSET = 0


def read_sql(text: str) -> Any:
    """A statement or an expression as a tree."""
    return sqlglot.parse_one(text, read=_AsWritten)


class Python:
    """Writes SQL expressions as Python source. `names` gives the Python name of each column, by its SQL name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self._temporary = count()

    def true(self, node: Any) -> str:
        """Python that is True where the SQL is true, and False where it is false or null."""
        return self._logic(node, wanted=True)

    def false(self, node: Any) -> str:
        """Python that is True where the SQL is false, and False where it is true or null."""
        return self._logic(node, wanted=False)

    def value(self, node: Any) -> str:
        """Python for the value, None where it is null."""
        if type(node) in _LOGIC:
            return f"(True if {self.true(node)} else False if {self.false(node)} else None)"
        if type(node) in _VALUES:
            return _VALUES[type(node)](self, node)
        if type(node) in STRICT:
            return self._strict(STRICT[type(node)], _operands(node))
        if isinstance(node, exp.Anonymous) and node.name.lower() in NAMED:
            return self._strict(NAMED[node.name.lower()], node.expressions)
        raise _refusal(node)

    def _logic(self, node: Any, *, wanted: bool) -> str:
        if type(node) in _LOGIC:
            return _LOGIC[type(node)](self, node, wanted)
        return f"({self.value(node)} is {wanted})"

    def _strict(self, function: str, operands: list[Any]) -> str:
        tests, names = self._held(operands)
        called = _called(function, names)
        return f"({called} if {' and '.join(tests)} else None)" if tests else called

    def _held(self, operands: list[Any]) -> tuple[list[str], list[str]]:
        """Tests that no operand is null, and a name or constant for each, which stands once the tests are made."""
        tests, names = [], []
        for node in operands:
            written = self.value(node)
            if not isinstance(node, exp.Literal | exp.Boolean | exp.Array | exp.Column):
                name = f"t{next(self._temporary)}"
                tests.append(f"({name} := {written}) is not None")
                names.append(name)
                continue
            if isinstance(node, exp.Column):
                tests.append(f"{written} is not None")
            names.append(written)
        return tests, names


def _called(function: str, names: list[str]) -> str:
    if function in WRITTEN_OUT:
        return WRITTEN_OUT[function].format(*names)
    numbers = [int(name) for name in names[1:] if name.isdigit()]
    if function == "left" and len(numbers) == 1:
        return f"{names[0]}[:{numbers[0]}]"
    if function == "substring" and len(numbers) == 2 and numbers[0]:
        return f"{names[0]}[{numbers[0] - 1}:{sum(numbers) - 1}]"
    return f"f.{function}({', '.join(names)})"


def _operands(node: Any) -> list[Any]:
    if isinstance(node, exp.SplitPart):
        return [node.this, node.args["delimiter"], node.args["part_index"]]
    if isinstance(node, exp.Substring):
        return [part for part in (node.this, node.args.get("start"), node.args.get("length")) if part is not None]
    return [node.this, *([node.expression] if node.args.get("expression") is not None else [])]


def _both(one: str, other: str, *, wanted: bool) -> str:
    return f"({one} {'and' if wanted else 'or'} {other})"


def _and(py: Python, node: Any, wanted: bool) -> str:
    side = py.true if wanted else py.false
    return _both(side(node.left), side(node.right), wanted=wanted)


def _or(py: Python, node: Any, wanted: bool) -> str:
    side = py.true if wanted else py.false
    return _both(side(node.left), side(node.right), wanted=not wanted)


def _not(py: Python, node: Any, wanted: bool) -> str:
    return py.false(node.this) if wanted else py.true(node.this)


def _inside(py: Python, node: Any, wanted: bool) -> str:
    return py.true(node.this) if wanted else py.false(node.this)


def _compared(py: Python, node: Any, wanted: bool) -> str:
    sign = COMPARED[type(node)]
    tests, (left, right) = py._held([node.left, node.right])
    return f"({' and '.join([*tests, f'{left} {sign if wanted else OPPOSITE[sign]} {right}'])})"


def _is(py: Python, node: Any, wanted: bool) -> str:
    if isinstance(node.expression, exp.Null):
        return f"({py.value(node.this)} is {'' if wanted else 'not '}None)"
    held = isinstance(node.expression, exp.Boolean) and bool(node.expression.this)
    asked = py.true(node.this) if held else py.false(node.this)
    return asked if wanted else f"(not {asked})"


def _distinct(py: Python, node: Any, wanted: bool) -> str:
    unlike = isinstance(node, exp.NullSafeNEQ) == wanted
    return f"({py.value(node.left)} {'!=' if unlike else '=='} {py.value(node.right)})"


def _between(py: Python, node: Any, wanted: bool) -> str:
    low, high = node.args["low"], node.args["high"]
    both = exp.And(this=exp.GTE(this=node.this, expression=low), expression=exp.LTE(this=node.this, expression=high))
    return py.true(both) if wanted else py.false(both)


def _in(py: Python, node: Any, wanted: bool) -> str:
    if not node.expressions or not all(isinstance(each, exp.Literal) for each in node.expressions):
        raise _refusal(node)
    tests, [name] = py._held([node.this])
    listed = ", ".join(py.value(each) for each in node.expressions)
    held = f"{name} {'' if wanted else 'not '}in ({listed},)"
    return f"({' and '.join([*tests, held])})"


def _boolean(_: Python, node: Any, wanted: bool) -> str:
    return str(bool(node.this) == wanted)


def _coalesced(py: Python, node: Any) -> str:
    rest = [node.this, *node.expressions]
    name = f"t{next(py._temporary)}"
    if len(rest) == 1:
        return py.value(rest[0])
    following = _coalesced(py, exp.Coalesce(this=rest[1], expressions=rest[2:]))
    return f"({name} if ({name} := {py.value(rest[0])}) is not None else {following})"


def _case(py: Python, node: Any) -> str:
    written = py.value(node.args["default"]) if node.args.get("default") is not None else "None"
    subject = node.args.get("this")
    for branch in reversed(node.args["ifs"]):
        asked = branch.this if subject is None else exp.EQ(this=subject, expression=branch.this)
        written = f"({py.value(branch.args['true'])} if {py.true(asked)} else {written})"
    return written


def _literal(_: Python, node: Any) -> str:
    return repr(node.this) if node.is_string else str(node.this)


def _column(py: Python, node: Any) -> str:
    try:
        return py.names[node.name]
    except KeyError:
        raise _refusal(node) from None


def _cast(py: Python, node: Any) -> str:
    kind = node.to.this.value
    if kind not in CASTS:
        raise _refusal(node)
    return py._strict(CASTS[kind], [node.this])


def _log(py: Python, node: Any) -> str:
    base = node.args.get("expression")  # log2(x) is read as Log(2, x)
    if base is None:
        return py._strict("log10", [node.this])
    if getattr(node.this, "this", None) != "2":
        raise _refusal(node)
    return py._strict("log2", [base])


def _element(py: Python, node: Any) -> str:
    return py._strict("element", [node.this, *node.expressions])


def _negative(py: Python, node: Any) -> str:
    return f"(-{py.value(node.this)})" if isinstance(node.this, exp.Literal) else py._strict("negative", [node.this])


def _of_those_held(function: str) -> Writer:
    """Greatest and least pass over nulls."""

    def write(py: Python, node: Any) -> str:
        return f"f.{function}({', '.join(py.value(each) for each in (node.this, *node.expressions))})"

    return write


def _array(py: Python, node: Any) -> str:
    return f"({''.join(py.value(each) + ', ' for each in node.expressions)})"


def _appended(py: Python, node: Any) -> str:
    return f"f.append({py.value(node.this)}, {py.value(node.expression)})"


_LOGIC: Mapping[type[exp.Expression], Callable[[Python, Any, bool], str]] = {
    exp.And: _and,
    exp.Or: _or,
    exp.Not: _not,
    exp.Is: _is,
    exp.NullSafeEQ: _distinct,
    exp.NullSafeNEQ: _distinct,
    exp.Between: _between,
    exp.In: _in,
    exp.Boolean: _boolean,
    **dict.fromkeys(COMPARED, _compared),
}
_VALUES: Mapping[type[exp.Expression], Writer] = {
    exp.Paren: lambda py, node: py.value(node.this),
    exp.Literal: _literal,
    exp.Null: lambda *_: "None",
    exp.Column: _column,
    exp.Coalesce: _coalesced,
    exp.Case: _case,
    exp.Cast: _cast,
    exp.Log: _log,
    exp.Greatest: _of_those_held("greatest"),
    exp.Least: _of_those_held("least"),
    exp.Array: _array,
    exp.Bracket: _element,
    exp.Neg: _negative,
    exp.ArrayAppend: _appended,
}


def _refusal(node: Any) -> LinkageError:
    return LinkageError(
        f"the look-up cannot read '{node.sql('duckdb')[:80]}' ({type(node).__name__}) of the comparisons",
        where="trigpoint.linkage.lookup.sql_to_python",
        mend="Write the comparison with functions that are read there, or teach it the new one.",
    )


SPACE: dict[str, Any] = {"f": functions, "len": len, "__builtins__": {}}
