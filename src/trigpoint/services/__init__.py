"""One verb a file: all that the command line and casework may call."""
