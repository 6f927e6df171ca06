"""The rights of the people whose records these are: how long a record is kept, erasure, and access to one's own."""
