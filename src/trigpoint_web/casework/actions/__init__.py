"""The only writes of casework. Each is one transaction with a named person, a reason and an audit row inside."""
