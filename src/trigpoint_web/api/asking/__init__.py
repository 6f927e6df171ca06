"""What an agency's system asks: who asks and why, who is meant, and what it is answered."""
