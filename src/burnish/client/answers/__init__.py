"""What the service answers, typed and unchangeable. Times have a zone; what is unknown is None."""
