"""What webinars have beside what meetings have. Knows nothing of codes and wire shapes."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, field

__all__ = ["Webinar"]


@define
class Webinar:
    """Of one webinar, by the names of the API."""

    settings: dict[str, Any]
    guests: Sequence[Mapping[str, Any]] = ()
    links: list[Mapping[str, Any]] = field(factory=list[Mapping[str, Any]])
    warm_up: Mapping[str, Any] = field(factory=dict[str, Any])
