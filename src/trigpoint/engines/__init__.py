"""Who runs indicators over timelines: memory (plain, slow, the judge) and duckdb (set-wise)."""
