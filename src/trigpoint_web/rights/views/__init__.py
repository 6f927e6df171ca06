"""Pages of rights, for information-governance officers."""
