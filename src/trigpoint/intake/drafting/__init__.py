"""Drafting a mapping for a file that nobody has mapped yet: looking, guessing, writing it down with how sure it is."""
