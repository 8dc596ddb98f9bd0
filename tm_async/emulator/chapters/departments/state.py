"""The departments of the enterprise, a tree."""

from collections.abc import Callable, Iterator
from random import Random
from typing import ClassVar

from attrs import frozen

from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.collection import Collection

__all__ = ["MAIN", "Department", "Departments"]

MAIN = "0"
"""What stands for the enterprise, whose children are the main departments."""


@frozen
class Department:
    """A department below another one, or a main one."""

    department_id: str
    department_name: str
    parent_department_id: str = MAIN


class Departments(Collection[Department]):
    """By id. How deep the tree may be is not documented."""

    record = Department
    key, unknown, taken = "department_id", 20000, 20004
    named_by: ClassVar = {"departmentId": "department_id"}

    def __init__(self, rng: Random, members: Callable[[str], int]) -> None:
        super().__init__()
        self._rng = rng
        self.members = members
        """How many users are in a department itself, those below it not counted."""

    def new_id(self) -> str:
        """An id that no department has."""
        return f"{self._rng.getrandbits(128):032x}"

    def children(self, department_id: str) -> Iterator[Department]:
        """The departments directly below one, or the main ones."""
        return (each for each in self.values() if each.parent_department_id == department_id)

    def path(self, department: Department) -> list[Department]:
        """From the main department down to this one."""
        above = self.get(department.parent_department_id)
        return [*(self.path(above) if above else ()), department]

    def show(self, record: Department) -> View:
        """Everything that answers may show of a department."""
        view = super().show(record)
        # What separates the names is not documented.
        view["department_full_name"] = "/".join(each.department_name for each in self.path(record))
        view["is_main_department"] = record.parent_department_id == MAIN
        view["user_count"] = self.members(record.department_id)
        return view
