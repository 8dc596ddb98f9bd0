"""Rights and resources: what is refused before it is sent, rows of two kinds."""

from tests.unit.api.helpers import answered, broken
from tm_async.api.corp_resources import ListBookers, RemoveBookers, SearchedFor, SetBookers


def test_users_or_a_department() -> None:
    who = {"operator_userid": "admin"}
    wrong = [("userid_list", "users-or-department")]
    assert broken(RemoveBookers, **who) == broken(RemoveBookers, **who, userid_list=["a"], department="1") == wrong
    assert broken(RemoveBookers, **who, userid_list=["a"] * 41) == [("userid_list", "entries")]
    assert broken(SetBookers, **who, type=0, users=["a"]) == [("users", "users-listed")]
    assert broken(SetBookers, **who, type=1, users=["a"]) == []


def test_users_and_departments_are_rows_alike() -> None:
    listing = ListBookers(operator_userid="admin", search_types=SearchedFor.BOTH)
    page = answered(
        listing, {"authorized_users": [{"userid": "a"}], "authorized_departments": [{"department_id": "1"}]}
    )
    assert [(row.userid, row.department_id) for row in page.rows] == [("a", ""), ("", "1")]
