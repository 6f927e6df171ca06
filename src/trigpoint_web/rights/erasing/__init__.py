"""Erasure: decided by one officer, confirmed by another, carried out in both homes, with a proof that stays."""
