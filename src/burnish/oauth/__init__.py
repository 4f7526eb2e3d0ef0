"""Apps that people sign in to: what kinds there are, and what each may do."""
