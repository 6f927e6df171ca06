"""What people do about it: meetings, decisions, actions, plans, interviews."""
