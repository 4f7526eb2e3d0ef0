"""User import: records of any number become users, a batch at a time."""
