"""What a key may be allowed to do."""

USERS_ENRICH = "users:enrich"

SCOPES = {USERS_ENRICH: "have users' profiles filled in, and read what came of it"}
"""Every scope by name, in words."""
