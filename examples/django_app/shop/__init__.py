"""A shop whose people sign in by Burnish."""
