"""Trigpoint: one consistent, explained marker for children who may be criminally exploited.

The rooms, from the ground up: `errors`, `terms`, `records`, `rules`, `engines` and `store`, then `intake`,
`linkage`, `counts`, `report` and `synthetic`, then `services`, then `cli`. Each knows only those before it.
"""

__version__ = "0.1.0"
