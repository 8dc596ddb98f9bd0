"""A sample of each operation: what a caller passes, and what is answered. Documentation and tests share them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tm_async.spec.catalogue import load

__all__ = ["sample"]


@cache
def sample(operation: str) -> Mapping[str, Any] | None:
    """`arguments`, `answer` and `source` of an operation, by our own id; `None`: there is no sample.

    Arguments have the wire's names.
    """
    try:
        found: Mapping[str, Any] = load(f"samples/{operation}.json")
    except OSError:
        return None
    return found
