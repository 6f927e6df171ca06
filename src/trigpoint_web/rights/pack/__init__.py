"""A pack of everything that is held of one child, for whoever may have it, without what is other people's."""
