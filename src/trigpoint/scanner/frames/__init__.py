"""Behaviours as conjunctions of kinds of evidence, and what one message shows of them."""
