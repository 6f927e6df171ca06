"""One look-up without an engine: the trained model's own weights and rules over an index that lies in memory maps."""
