"""What members of the enterprise may use."""

from attrs import define, field

__all__ = ["Resources"]


def _large() -> dict[int, int]:
    return dict.fromkeys((500, 1000, 2000), 5)


@define
class Resources:
    """Rights by userid; what was bought by size. Everybody may start meetings, until a list is made of who may."""

    everybody: bool = True
    bookers: dict[str, None] = field(factory=dict[str, None])
    """Userids, in the order of their coming."""
    departments: dict[str, None] = field(factory=dict[str, None])
    """Ids, of which no call adds any: a test does."""
    large_bought: dict[int, int] = field(factory=_large)
    large: dict[str, int] = field(factory=dict[str, int])
    """The size that each may start."""
    rooms_bought: int = 20
    rooms: dict[str, int] = field(factory=dict[str, int])
    """Reserved for each."""

    def forget(self, who: str) -> None:
        """Somebody, or a department, is there no longer, and holds nothing (not documented)."""
        for rights in (self.bookers, self.departments, self.large, self.rooms):
            rights.pop(who, None)
