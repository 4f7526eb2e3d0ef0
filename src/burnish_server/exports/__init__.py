"""User export: everything of every user in one file, for a day."""
