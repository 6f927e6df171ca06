"""Questions about who is one child, and what people answered."""
