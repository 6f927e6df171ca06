"""Pages of response: each asks a query or an action, hands the answer to a presenter, and draws."""
