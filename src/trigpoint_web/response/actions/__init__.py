"""The only writes of response. Each is one transaction with a named person and an audit row inside."""
