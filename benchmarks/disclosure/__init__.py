"""Disclosure control measured: time, information lost, and what the attacker still recovers, beside others."""
