"""The nonce that every request carries."""

import os
from random import Random
from time import time_ns

__all__ = ["random_nonce"]

_source = Random()  # noqa: S311 - a nonce is no secret: it is sent in the clear, beside its signature
"""A generator of our own, which nobody else seeds: asking the system each time takes several times as long."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_source.seed)


def random_nonce() -> str:
    """A positive integer of up to 19 digits, like the official SDKs'; never the same twice in practice.

    Not in two processes either: each child seeds its own source, and the time is mixed in for machines that are copied
    while they run.
    """
    return str((_source.getrandbits(62) ^ time_ns()) + 1)
