"""The set-wise engine: each operator is a step of SQL over one sorted timeline of integers."""

from trigpoint.engines.duckdb.engine import DuckDBEngine

__all__ = ["DuckDBEngine"]
