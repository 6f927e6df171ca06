"""What is said to people: sentences, bounds on false alarms, and what might be done now."""
