"""Casework: the web application in which people read what the core found, decide, and act.

It reaches the core through `trigpoint.services`, `trigpoint.records`, `trigpoint.terms` and `trigpoint.errors` alone.
"""
