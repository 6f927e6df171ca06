"""How far an estimate can be believed: predict what is known, change what was assumed, and look again."""
