"""What an indicator means: a small tree of operators, the reader of a file into it, and its plain words."""
