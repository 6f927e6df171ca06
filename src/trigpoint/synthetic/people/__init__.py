"""Invented children: families, names, numbers, homes, and how each agency writes them down."""
