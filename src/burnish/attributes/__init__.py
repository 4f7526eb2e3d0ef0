"""What may be known about a user: standard attributes, custom ones, and who may see them."""
