"""The estimators of the unseen: beside what R printed, how long they take, how often their intervals hold the truth."""
