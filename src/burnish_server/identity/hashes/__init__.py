"""Password hashes other services made: verified as they are, and made anew at the next login."""
