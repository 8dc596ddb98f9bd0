"""Rights and resources: what is refused before it is sent, rows of two kinds."""

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tm_async.api.corp_resources import ForWhom, ListBookers, RemoveBookers, SearchedFor, SetBookers


def test_users_or_a_department() -> None:
    who = {"operator_userid": "admin"}
    wrong = [("userid_list", "users-or-department")]
    assert broken(RemoveBookers, **who) == broken(RemoveBookers, **who, userid_list=["a"], department="1") == wrong
    assert broken(RemoveBookers, **who, userid_list=["a"] * 41) == [("userid_list", "entries")]


@pytest.mark.parametrize("kind", [0, 1])
def test_users_are_taken_with_either_type_as_the_pages_example_has_0(kind: int) -> None:
    assert sent(SetBookers(operator_userid="admin", type=ForWhom(kind), users=["a"]))[2]["users"] == ["a"]


def test_users_and_departments_are_rows_alike() -> None:
    listing = ListBookers(operator_userid="admin", search_types=SearchedFor.BOTH)
    page = answered(
        listing, {"authorized_users": [{"userid": "a"}], "authorized_departments": [{"department_id": "1"}]}
    )
    assert [(row.userid, row.department_id) for row in page.rows] == [("a", ""), ("", "1")]
