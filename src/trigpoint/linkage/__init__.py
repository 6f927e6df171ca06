"""Which records are one child: pairs, clusters, judgements, child keys, and why."""
