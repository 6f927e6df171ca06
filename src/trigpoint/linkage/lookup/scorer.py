"""The batch's scoring statement as a function of two linking rows.

The statement is a chain of steps that each add columns to one row. It is read once, when the index is opened, and
becomes one Python function: what a comparison, a weight or a guard means stands in one place only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlglot import exp

from trigpoint.errors import LinkageError
from trigpoint.linkage.features.comparisons import COMPARISONS, gamma_name
from trigpoint.linkage.lookup.request import ROW
from trigpoint.linkage.lookup.sql_to_python import SPACE, Python, read_sql
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.pairs import comparison_weight_sql, scored_sql

Row: TypeAlias = "Sequence[Any]"
# What a request cannot bring: nobody has judged it, and it was never together with anybody.
UNSAID = {"judged": "None", "was_together": "False", "a": "0", "b": "0"}
READ = {"expressions", "from_", "from", "with_", "with", "joins", "kind"}
ASKED = ("weight", "probability", "verdict", "decided_by", "reason", "parts", "bridge")


class Scored(NamedTuple):
    """What the model and the rules say of two rows (see `scoring.pairs`); `gammas` are the levels of COMPARISONS."""

    weight: float
    probability: float
    verdict: str
    decided_by: str
    reason: str
    parts: bool
    bridge: bool
    gammas: tuple[int, ...]


class Scorer:
    """Scores linking rows, each a sequence in the order of ROW. Rows of a request come first, so no verdict
    rests on a judgement or on having been together before."""

    def __init__(self, model: LinkModel, settings: LinkSettings) -> None:
        statement = read_sql(scored_sql("pairs", model=model, settings=settings, quick=False))
        self._against = _compiled(statement)

    def against(self, row: Row) -> Callable[[Row], Scored]:
        """A function that scores any other row against this one."""
        scored = self._against(row)
        return lambda other: Scored(*scored(other))


def weigher(model: LinkModel) -> Callable[[Row, Row, Sequence[int]], tuple[float, ...]]:
    """A function that gives the weight in bits of each comparison, from the two rows and their levels."""
    names, lines = _columns(), []
    python = Python(names | {gamma_name(c): f"g[{place}]" for place, c in enumerate(COMPARISONS)})
    for place in range(len(COMPARISONS)):
        node = read_sql(comparison_weight_sql(place, model))
        lines.append(python.value(node))
    body = f"def weigh(l, r, g):\n    return ({', '.join(lines)},)"
    made: Callable[[Row, Row, Sequence[int]], tuple[float, ...]] = _run(body, "weigh")
    return made


def _columns() -> dict[str, str]:
    sides = [(side, column, place) for side in ("l", "r") for place, column in enumerate(ROW)]
    return {f"{column}_{side}": f"{side}[{place}]" for side, column, place in sides}


def _compiled(statement: Any) -> Callable[[Row], Callable[[Row], tuple[Any, ...]]]:
    """The statement as `against(l)`, which gives `score(r)`. Columns of both are read once."""
    names = {name: f"c_{name}" for name in _columns()} | UNSAID
    python, lines = Python(names), list[str]()
    ctes = {cte.alias: cte.this for cte in statement.find_all(exp.CTE)}
    for added in _steps(statement, ctes=ctes):
        lines += [f"c_{name} = {python.value(node)}" for name, node in added]
        python.names.update((name, f"c_{name}") for name, _ in added)
    gammas = ", ".join(python.names[gamma_name(c)] for c in COMPARISONS)
    source = "\n".join(
        [
            "def against(l):",
            *(f"    c_{name} = {held}" for name, held in _columns().items() if held[0] == "l"),
            "    def score(r):",
            f"        ({', '.join(f'c_{column}_r' for column in ROW)}) = r",
            *(f"        {line}" for line in lines),
            f"        return {', '.join(python.names[name] for name in ASKED)}, ({gammas},)",
            "    return score",
        ]
    )
    made: Callable[[Row], Callable[[Row], tuple[Any, ...]]] = _run(source, "against")
    return made


def _steps(select: Any, *, ctes: Mapping[str, Any]) -> Iterator[list[tuple[str, Any]]]:
    """From the innermost SELECT outwards, the columns that each adds to what the two rows bring themselves."""
    over = [key for key, part in select.args.items() if part and key not in READ]
    if over or list(select.find_all(exp.Window, exp.AggFunc)):
        raise LinkageError(
            "the look-up cannot follow the batch's scoring: a step does more than add columns to a pair",
            where="trigpoint.linkage.lookup.scorer",
            mend="Let each step of scored_sql be SELECT *, new columns FROM the step before.",
        )
    source = (select.args.get("from_") or select.args["from"]).this
    inner = source.this if isinstance(source, exp.Subquery) else ctes.get(source.name)
    if inner is not None:
        yield from _steps(inner, ctes=ctes)
    brought = _columns().keys() | UNSAID.keys()
    yield [(c.alias, c.this) for c in select.selects if isinstance(c, exp.Alias) and c.alias not in brought]


def _run(source: str, name: str) -> Any:
    space: dict[str, Any] = dict(SPACE)
    exec(compile(source, f"<{name}>", "exec"), space)  # noqa: S102  made of our own SQL, never of a file's
    return space[name]
