"""The search for what to hide, and the attack that judges it: cells and sums, nothing of children or rules."""
