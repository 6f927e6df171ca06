"""From joined pairs to children: clusters, what to look at again, keys that last, and the whole outcome."""
