"""The vocabulary of a pack, and finding it in text."""
