"""The child's page, the marker, and the people who decide."""
