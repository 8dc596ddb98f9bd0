"""Users as answers show them: the names of members differ between the sources; and by what they are filtered."""

from tests.unit.api.helpers import answered, pages, sent
from tm_async.api.users import (
    CancelAuthorization,
    CreateUser,
    FilteredLicence,
    ListUsers,
    ListUsersAdvanced,
    UserDepartment,
)
from tm_async.api.users.values import UserStatus
from tm_async.core.operation import page_of


def test_a_violation_names_the_page_of_users() -> None:
    new = {"operator_id": "admin", "userid": "a", "username": "A", "phone": "13800000000"}
    assert pages(CreateUser, **new, area="+86") == [("area", "1095/43675")]
    assert page_of(CancelAuthorization) == "1095/73364"


def test_the_sample_of_2021() -> None:
    """Its names are those of the account-level list."""
    row = {
        "userid": "tester",
        "user_name": "Tester",
        "status": 1,
        "departments": [{"id": "123", "name": "Sales", "full_name": "Acme/Sales", "is_main": True}],
    }
    page = answered(ListUsers(operator_id="admin"), {"total_count": 1, "total_page": 1, "users": [row]})
    (user,) = page.users
    assert (user.userid, user.username, user.status) == ("tester", "Tester", UserStatus.NORMAL)
    assert user.department_list == (
        UserDepartment(department_id="123", department_name="Sales", department_full_name="Acme/Sales", is_main=True),
    )
    assert page.total_page == 1
    assert page.extra == user.extra == user.department_list[0].extra == {}


def test_the_names_of_the_pages_win() -> None:
    row = {"username": "new", "user_name": "old", "department_list": [{"department_id": "1", "id": "2"}]}
    (user,) = answered(ListUsers(operator_id="admin"), {"users": [row]}).users
    assert (user.username, user.department_list[0].department_id) == ("new", "1")


def test_a_filter_knows_two_licences_only() -> None:
    target = sent(ListUsersAdvanced(operator_id="admin", user_account_type=FilteredLicence.PREMIUM))[1]
    assert "user_account_type=1" in target
    assert [kind.value for kind in FilteredLicence] == [1, 2]
