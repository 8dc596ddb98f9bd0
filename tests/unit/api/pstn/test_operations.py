"""Phones: what is no number, both spellings of answers, days."""

from datetime import date
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tm_async import ValidationError
from tm_async.api.pstn import (
    CalledPhone,
    CallingArea,
    CallOut,
    CancelCallOut,
    ExportCallDetails,
    GetCallDetailJob,
    ListCallOuts,
    Phone,
    QueryPhoneIds,
)
from tm_async.api.shared import MsOpenId

HERE: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester"}
ALICE = Phone(area=CallingArea.MAINLAND_CHINA, phone="13800000001")


@pytest.mark.parametrize("area", ["+86", "0086", " 86", "８６", "86", 49, 0, -86, True, 86.0])
def test_an_area_is_one_of_three_numbers(area: Any) -> None:
    rule = "documented-value" if type(area) is int else "type"
    phone = CalledPhone(area=area, phone="13800000001")
    assert broken(CallOut, **HERE, phone_numbers=[phone]) == [("phone_numbers[0].area", rule)]


@pytest.mark.parametrize(
    "text", ["138 0000 0001", "+8613800000001", "１３８０００００００１", "", "0755-1", "138\n", "x"]
)
def test_a_number_is_made_of_digits(text: str) -> None:
    for name in ("phone", "extension_number"):
        phone = Phone(**{"area": 86, "phone": "1", name: text})
        with pytest.raises(ValidationError) as caught:
            CancelCallOut(**HERE, phone_numbers=[ALICE, phone])
        (violation,) = caught.value.violations
        assert (violation.field, violation.limit) == (f"phone_numbers[1].{name}", "0-9")
        assert violation.page == "1095/111469"


def test_how_many_and_by_whom() -> None:
    called = CalledPhone(area=CallingArea.HONG_KONG, phone="21234567")
    entries = [("phone_numbers", "entries")]
    assert broken(CallOut, **HERE, phone_numbers=[called] * 31) == broken(CallOut, **HERE, phone_numbers=[]) == entries
    assert broken(CancelCallOut, **HERE, phone_numbers=[ALICE] * 51) == entries
    assert broken(QueryPhoneIds, **HERE, phone_numbers=[]) == [("phone_numbers", "not-empty")]
    assert broken(ListCallOuts, **HERE, page_size=101) == [("page_size", "page-size")]
    by_another = {**HERE, "operator_id": MsOpenId("x")}
    assert broken(CancelCallOut, **by_another, phone_numbers=[ALICE]) == [("operator_id_type", "kind-of-id")]
    assert broken(CallOut, **by_another, phone_numbers=[called]) == [], "the official SDKs list it"


def test_both_spellings_of_answers() -> None:
    row = {"area": 86, "phone_number": 13800138000, "status": "", "ms_open_id": "d"}
    (found,) = answered(ListCallOuts(**HERE), {"phone_numbers": [row]}).phone_numbers
    assert (found.phone, found.area) == ("13800138000", CallingArea.MAINLAND_CHINA)
    cancel = CancelCallOut(**HERE, phone_numbers=[ALICE])
    for done, failed in (("success_list", "failed_list"), ("SuccessList", "FailedList")):
        shown = answered(cancel, {done: [{"phone": "1"}], failed: [{"phone": "2", "error_msg": "no"}]})
        assert [each.phone for each in shown.success_list] == ["1"]
        assert shown.failed_list[0].error_msg == "no"
        assert shown.extra == {}


def test_days() -> None:
    who = {"operator_id": "admin"}
    given = ExportCallDetails(**who, start_date=date(2026, 1, 2), end_date="2026-01-03")
    assert sent(given)[1].endswith("start_date=2026-01-02&end_date=2026-01-03")
    assert broken(ExportCallDetails, **who, start_date="2026-01-02") == [("end_date", "both-days")]
    assert broken(ExportCallDetails, **who, end_date="2026-01-02") == [("start_date", "both-days")]
    backwards = {"start_date": "2026-01-02", "end_date": date(2026, 1, 1)}
    assert broken(ExportCallDetails, **who, **backwards) == [("end_date", "end-not-before-start")]
    for bad in ("2026-1-2", "20260102", "2026-02-30", "tomorrow", "２０２６-01-02"):
        assert ("start_date", "day") in broken(ExportCallDetails, **who, start_date=bad, end_date="2026-01-02")
    assert sent(GetCallDetailJob(**who, job_id="a/b"))[1].startswith("/v1/meeting/a%2Fb?")
