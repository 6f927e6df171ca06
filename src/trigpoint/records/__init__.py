"""Shapes of facts: the tables, their columns, and which of these are personal."""
