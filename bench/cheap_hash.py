"""The service's settings with a password hash that costs nothing: for benches of the rest."""

from burnish_server.project.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
