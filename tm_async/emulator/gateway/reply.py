"""What goes back on the wire."""

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

__all__ = ["Reply"]


@frozen
class Reply:
    """An answer, or the lack of one."""

    status: int
    body: bytes = field(repr=False)
    media: bytes = b"application/json"
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    cut: Literal["nowhere", "everywhere", "halfway"] = "nowhere"
