"""Files that follow no app: JSON lines, tables, single posts."""
