"""Real clients against one running service, which stays up while this package is tested."""
