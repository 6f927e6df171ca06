"""Disclosure control: tables made fit to leave, and the attack that they must withstand before they do."""
