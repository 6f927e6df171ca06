"""What pages read, scoped to a person. Everything starts from `policy.children_visible_to`."""
