"""The OpenID provider: apps put Burnish in front of their users and read what is known of them.

The rules are those of OpenID Connect Core 1.0, RFC 6749, 7009, 7636, 8414, 8628, 9207 and 9700.
"""
