"""Why these two: the evidence for and against, in plain words."""
