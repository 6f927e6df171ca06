"""How sure the links are: what a person finds in a sample, what the model expects, and what timelines speak against."""
