"""Error codes: every number has one meaning for each operation."""

from collections import Counter
from fnmatch import fnmatchcase

import pytest

from tm_async.spec.catalogue import entries
from tm_async.spec.codes import CODES, is_reused, look_up


def test_a_number_has_one_meaning_for_an_operation() -> None:
    assert max(Counter(code.number for code in CODES if not code.where).values()) == 1
    for operation in entries():
        meant = [code.number for code in CODES if any(fnmatchcase(operation, each) for each in code.where)]
        assert len(meant) == len(set(meant)), operation


def test_a_narrow_meaning_holds_for_operations_that_exist() -> None:
    for code in CODES:
        for each in code.where:
            assert any(fnmatchcase(operation, each) for operation in entries()), code


@pytest.mark.parametrize(
    ("number", "operation", "kind"),
    [
        (10004, "rooms.call", "ServiceError"),
        (10002, "rooms.call", "ServiceError"),
        (500033, "meetings.set_virtual_background", "PermissionDenied"),
        (500034, "meetings.set_virtual_background", "ServiceError"),
    ],
)
def test_codes_of_single_pages(number: int, operation: str, kind: str) -> None:
    found = look_up(number, operation)
    assert found is not None
    assert (found.kind, found.status) == (kind, 500)
    assert look_up(number, "users.get") is None


def test_what_is_looked_up() -> None:
    deleted, named = look_up(20004, "users.delete"), look_up(20004, "departments.create")
    assert deleted is not None
    assert named is not None
    assert (deleted.kind, named.kind) == ("PermissionDenied", "Conflict")
    assert look_up(20004, "meetings.create") is None
    assert look_up(9003, None) is not None
    assert is_reused(20004)
    assert not is_reused(9003)
    assert not is_reused(777)
