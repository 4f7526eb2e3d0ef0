"""Keys by which programs come in at the Admin API, and what each may do."""
