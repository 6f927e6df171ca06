"""Which pairs are looked at, what the model weighs of them, and the rules that stand above the weight."""
