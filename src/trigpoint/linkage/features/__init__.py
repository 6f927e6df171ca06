"""What may be compared: names read into parts and variants, one row for each record, and the comparisons over it."""
