"""The marker on other agencies' systems: they ask, they post what happened, and they are told when a marker changes."""
