"""Users for programs: one file a part of what can be done with them."""
