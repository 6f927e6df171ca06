"""SQL expressions of the mapping language: each function takes SQL text and gives SQL text."""
