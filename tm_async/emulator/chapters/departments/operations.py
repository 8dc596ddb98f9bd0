"""Departments (doc 1095/60794, 60805, 60807, 60808): a tree whose leaves can be taken off."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.departments.state import MAIN, Department, Departments
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter, administrator
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["chosen", "create", "departments", "get", "members", "modify", "remove"]

departments = Chapter("departments", lambda state: state.departments, Departments, by=administrator, forbidden=190443)


@departments.does("create")
def create(asked: Asked, *, department_name: str, parent_department_id: str = MAIN) -> Department:
    """Without a parent it is a main department."""
    department = Department(asked.state.departments.new_id(), department_name, parent_department_id or MAIN)
    _check_place(asked, department)
    return department


@departments.on("get")
def get(asked: Asked, department: Department) -> Department:
    """With the number of its members, those of the departments below it not counted."""
    return department


@departments.on("modify")
def modify(asked: Asked, department: Department, *, department_name: str, parent_department_id: str) -> Department:
    """Both are always said; the parent 0 makes it a main department."""
    changed = evolve(department, department_name=department_name, parent_department_id=parent_department_id)
    _check_place(asked, changed)
    return changed


@departments.lists("list")
def chosen(asked: Asked, *, department_id: str | None = None) -> Iterable[Department]:
    """All of them, the main ones (0), or the children of one."""
    there = asked.state.departments
    return there.values() if department_id is None else there.children(department_id)


@departments.lists("list_users")
def members(asked: Asked, *, departmentId: str) -> Iterator[Mapping[str, Any]]:  # noqa: N803 - the document's name
    """The users of the department itself (not documented)."""
    department, everybody = asked.state.departments.find(departmentId), asked.state.users
    for user in everybody.values():
        if department.department_id in user.department_list:
            yield everybody.show(user).having(
                department_id=department.department_id, department_name=department.department_name
            )


@departments.does("remove")
def remove(asked: Asked, *, department_list: list[str]) -> None:
    """All of them or none; who has children or members stays (190004: the code is not documented)."""
    there, going = asked.state.departments, set(department_list)
    for each in going:
        below = (child.department_id for child in there.children(there.find(each).department_id))
        if there.members(each) or not going.issuperset(below):
            raise Refused(190004, f"department {each[:64]!r} has members or departments below it")
    for each in going:
        there.remove(each)
        asked.state.resources.forget(each)


def _check_place(asked: Asked, department: Department) -> None:
    """Below a department that there is, beside none of the same name, and not below itself."""
    there = asked.state.departments
    above = department.parent_department_id
    line = [] if above == MAIN else there.path(there.find(above))
    if any(each.department_id == department.department_id for each in line):  # not documented
        raise Refused(190004, "a department cannot be below itself")
    beside = (each for each in there.children(above) if each.department_id != department.department_id)
    if any(each.department_name == department.department_name for each in beside):
        # That the name may be taken elsewhere in the tree is not documented.
        raise Refused(20004, f"a department named {department.department_name[:50]!r} exists there")
