"""The nonce that every request carries."""

import secrets

__all__ = ["random_nonce"]


def random_nonce() -> str:
    """A positive integer of up to 19 digits, like the official SDKs'; never the same twice in practice."""
    return str(secrets.randbits(62) + 1)
