"""Documents that people add to a child: what may be added, the scanner, and where the files lie."""
