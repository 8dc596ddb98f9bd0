"""Lists in numbered pages, with the counters that the documents give them."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from tm_async.emulator.kernel.refusals import Refused

__all__ = ["Numbered", "numbered"]


@frozen
class Numbered:
    """Which page was asked for."""

    page: int
    size: int

    def of(self, items: Sequence[Any], name: str) -> dict[str, Any]:
        """That page of a list, as the member `name`. A page beyond the last one is empty (not documented)."""
        shown = list(items[(self.page - 1) * self.size : self.page * self.size])
        return {
            "total_count": len(items),
            "total_page": -(-len(items) // self.size),
            "current_page": self.page,
            "current_size": len(shown),
            name: shown,
        }


def numbered(values: Mapping[str, Any], *, size: int, most: int, least: int = 1, last: int | None = None) -> Numbered:
    """`page` and `page_size` of a query; 190004 beyond a documented bound, which the documents leave open.

    `size` is the default, `least` and `most` bound it, `last` is the highest page that may be asked for.
    """
    page, wanted = values.get("page", 1), values.get("page_size", size)
    if page < 1 or (last is not None and page > last):
        raise Refused(190004, f"page is {page}, from 1" + ("" if last is None else f" to {last}"))
    if not least <= wanted <= most:
        raise Refused(190004, f"page_size is {wanted}, {least} to {most} are allowed")
    return Numbered(page, wanted)
