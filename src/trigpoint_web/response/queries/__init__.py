"""What the pages of response read, scoped to a person."""
