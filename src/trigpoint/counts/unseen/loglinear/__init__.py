"""Poisson log-linear models of lists, fitted to many tables at once."""
