"""A learned second opinion: the sum of the weights of phrases that can be shown."""
