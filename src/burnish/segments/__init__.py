"""Groups of users by what is known of them: a rule each."""
