"""Conversations and accounts: evidence that gathers, fades and is kept small."""
