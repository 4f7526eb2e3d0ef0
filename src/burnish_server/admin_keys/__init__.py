"""Public keys of programs that sign their own tokens for the GraphQL Admin API."""
