"""Secrets, codes and tokens: how they are made, and the hash that is kept of each."""

import hashlib
import secrets


def new() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def of(text: str) -> str:
    """Return what is kept of a text; nobody can try out 256 bits, so a plain hash does."""
    # JSON can bring half a character, which is no token of ours but has to be looked for.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
