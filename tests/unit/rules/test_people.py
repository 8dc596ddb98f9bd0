"""Rules on users, invitees and guests."""

import pytest

from tests.conftest import meeting
from tm_async import Guest, User, ValidationError


def broken(**changes: object) -> list[tuple[str, str]]:
    try:
        meeting(**changes)
    except ValidationError as error:
        return [(violation.field, violation.rule) for violation in error.violations]
    return []


@pytest.mark.parametrize("userid", ["", "1"])
def test_user_ids_that_the_vendor_excludes(userid: str) -> None:
    assert broken(userid=userid) == [("userid", "userid")]
    assert broken(hosts=["tester", userid]) == [("hosts[1]", "userid")]
    assert broken(invitees=[User(userid)]) == [("invitees[0].userid", "userid")]


@pytest.mark.parametrize("userid", ["01", "11", "tester", "张三"])
def test_other_user_ids(userid: str) -> None:
    assert broken(userid=userid, invitees=[userid]) == []


def test_invitees_up_to_300() -> None:
    assert broken(invitees=[f"u{i}" for i in range(300)]) == []
    assert broken(invitees=[f"u{i}" for i in range(301)]) == [("invitees", "invitees-count")]


def test_one_id_is_no_list() -> None:
    assert broken(invitees="alice") == [("invitees", "type")]
    assert broken(hosts=5) == [("hosts", "type")]


def test_any_iterable_is_a_list() -> None:
    assert meeting(invitees=(name for name in ["a", "b"])).invitees == ("a", "b")
    assert meeting(invitees=[]).invitees == ()


def test_guests_up_to_2000() -> None:
    guest = Guest(area="86", phone_number="13800000000")
    assert broken(guests=[guest] * 2000) == []
    assert broken(guests=[guest] * 2001) == [("guests", "guests-count")]


@pytest.mark.parametrize("area", ["+86", "0086", "", "86 ", "８６", "cn"])
def test_areas(area: str) -> None:
    assert broken(guests=[Guest(area=area, phone_number="1")]) == [("guests[0].area", "guest-area")]


@pytest.mark.parametrize("number", ["", "+8613800000000", "138 0000", "abc"])
def test_phone_numbers(number: str) -> None:
    assert broken(guests=[Guest(area="86", phone_number=number)]) == [("guests[0].phone_number", "guest-phone")]
