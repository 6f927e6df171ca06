"""Invented partnerships with known truth: files as agencies send them, in which nobody is real."""

from trigpoint.synthetic.invention import Invented, invent
from trigpoint.synthetic.rates import HOLDOUT, RATES, USUAL, Rates

__all__ = ["HOLDOUT", "RATES", "USUAL", "Invented", "Rates", "invent"]
