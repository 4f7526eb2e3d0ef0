"""Social providers as administrators set them up: which there are, and how each is reached."""
