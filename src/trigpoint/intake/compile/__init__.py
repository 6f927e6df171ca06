"""A mapping turned into SQL: expressions of values, dates and identifiers, then the queries of a whole extract."""
