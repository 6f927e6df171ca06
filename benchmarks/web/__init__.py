"""Casework under load: real gunicorn with production settings, real PostgreSQL, fifty people and five systems."""
