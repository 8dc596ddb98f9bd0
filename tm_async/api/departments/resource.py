"""The chapter "departments" on a client: `tm.departments`."""

from tm_async.api import departments
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Departments"]


class Departments(Resource):
    """The departments of the enterprise, a tree with the users in it."""

    create = Call(lambda: departments.CreateDepartment)
    get = Call(lambda: departments.GetDepartment)
    list = Pages(lambda: departments.ListDepartments)
    modify = Call(lambda: departments.ModifyDepartment)
    remove = Call(lambda: departments.RemoveDepartments)
    list_users = Pages(lambda: departments.ListDepartmentUsers)
