"""Facts, what each source said, and the profile they add up to."""
