"""Changes of the database of this app, in order."""
