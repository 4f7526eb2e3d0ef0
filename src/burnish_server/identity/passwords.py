"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the least parameters OWASP's password storage cheat sheet recommends.

    19 MiB, two passes, one lane: about 25 ms on one core, without the memory of Django's own
    defaults (100 MiB), which a few dozen sign-ups at once would add up to gigabytes.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
