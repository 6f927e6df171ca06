"""People, their teams and agencies; how they sign in, and for what purpose they read."""
