"""Closed-population models of the wildlife literature, which treat how people differ rather than how lists depend."""
