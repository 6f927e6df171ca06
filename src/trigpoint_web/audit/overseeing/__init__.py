"""The governance officer's pages: who read what, what is unusual, whether the chain holds."""
