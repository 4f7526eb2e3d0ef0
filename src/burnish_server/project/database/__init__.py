"""A connection to PostgreSQL that is asked whether it lives only when in doubt."""
