"""Temporary."""


def propose_markers(workspace, tx, *, asked):
    """Nothing yet."""
