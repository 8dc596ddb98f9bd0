"""Every operation that the vendor's Python SDK has, too: both are to send the same request for the same input."""

from collections.abc import Callable
from functools import cache
from typing import get_type_hints

import attrs
import pytest
from wemeet_openapi.core import constants
from wemeet_openapi.core.exception import ClientException

from tests.conformance import vendor
from tests.conformance.known import COMPARED, LISTED, Found, covers, not_deviating, unexplained
from tests.vectors import SECRET_KEY
from tm_async.api.index import operations
from tm_async.api.meetings import CancelMeeting, ListEndedMeetings
from tm_async.core.declare import operation
from tm_async.core.decode import decode
from tm_async.core.exchange import RawAnswer
from tm_async.core.prepare import prepare
from tm_async.spec.catalogue import entries, entry


@cache
def differences(name: str, case: str) -> dict[Found, str]:
    """What differs for an operation in a case, except what our own deviations explain."""
    found = vendor.differences(vendor.build(COMPARED[name], case))
    if case == vendor.FULL:
        found |= {(member, "not ours"): "a member of the SDK's request" for member in vendor.not_ours(COMPARED[name])}
    return not_deviating(name, found)


@pytest.mark.parametrize("name", COMPARED)
def test_the_vendor_sends_the_same(name: str) -> None:
    told = [
        f"{name}, {case} input: {member}: {kind}: {shown}: send what the SDK sends, or say why not in"
        " spec/deviations.json (we differ from the pages) or spec/vendor_differences.json (the SDK does)"
        for case in vendor.CASES
        for (_, member, kind), shown in unexplained(differences(name, case)).items()
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("name", operations())
def test_an_operation_is_compared_if_the_sdk_has_it(name: str) -> None:
    """Held against the sources of the catalogue, which were not found by path."""
    known = "python-sdk 1.0.10" in entry(operations()[name].spec.catalogue_id).raw["sources"]
    told = f"{name}: name python-sdk 1.0.10 in its `sources` in spec/operations if, and only if, the SDK has its path"
    assert (name in COMPARED) == known, told


def test_all_calls_of_the_sdk_are_found() -> None:
    named = {one.id for one in entries().values() if "python-sdk 1.0.10" in one.raw["sources"]}
    found = {one.id for one in entries().values() if (one.method, vendor.unnamed(one.path)) in vendor.counterparts()}
    assert named == found
    assert len(vendor.counterparts()) == len(found) > 100


@pytest.mark.parametrize("name", COMPARED)
def test_every_member_is_compared(name: str) -> None:
    """Once at least; most in the case that sets all, the rest where a model excludes it there."""
    cases = [vendor.build(COMPARED[name], case) for case in vendor.CASES]
    assert set(vendor.member_paths(COMPARED[name])) == {path for case in cases for path in vendor.set_paths(case)}


@pytest.mark.parametrize("name", COMPARED)
def test_the_smallest_request_has_what_is_required_only(name: str) -> None:
    """And what is always sent; a rule may ask for one more."""
    operation = COMPARED[name]
    smallest = vendor.build(operation, vendor.MINIMAL)
    fields = [a for a in attrs.fields(operation) if a.default is None and getattr(smallest, a.name) is not None]
    assert len(fields) <= 1


def test_a_mistake_of_ours_would_show() -> None:
    @operation
    class Mistaken(CancelMeeting):
        spec = attrs.evolve(CancelMeeting.spec, route="PUT /v1/meetings/{meeting_id}/end")
        userid: int  # type: ignore[assignment]
        reason: str

    found = vendor.differences(Mistaken(meeting_id="5", userid=5, reason_code=1, reason="rain"))
    assert set(found) == {("method", "method"), ("path", "path"), ("userid", "value"), ("reason", "only ours")}
    twin = vendor.counterpart(Mistaken)
    assert twin
    assert "meeting_type" in vendor.not_ours(Mistaken)


# --- the list -----------------------------------------------------------------------------------------------------


def test_every_listed_difference_is_still_there() -> None:
    found = [key for name in COMPARED for case in vendor.CASES for key in differences(name, case)]
    for item in LISTED:
        assert item["whose"] in ("vendor", "ours on purpose", "sources differ"), item
        assert len(item["reason"]) > 20, item
        assert len(item["evidence"]) > 20, item
        if item["kind"] != "behaviour":
            assert any(covers(item, key, {key[2]}) for key in found), item


def queries_are_text() -> bool:
    reading = [twin for (method, _), twin in vendor.counterparts().items() if method == "GET"]
    hints = [get_type_hints(twin.request.__init__) for twin in reading]
    types = (tp for one in hints for name, tp in one.items() if name not in ("body", "return"))
    return {vendor.declared(tp).tp for tp in types} == {str}


def sdk_id_of_none() -> bool:
    twin = vendor.counterpart(ListEndedMeetings)
    assert twin
    arguments = {"userid": "tester", "page": "1", "page_size": "20"}
    ours = attrs.evolve(vendor.AUTH, sdk_id=None, secret_key=SECRET_KEY)
    request = prepare(ListEndedMeetings(userid="tester"), vendor.GATEWAY)
    assert "SdkId" not in dict(ours.headers(request, timestamp="1760000001", nonce="1"))
    (sent,) = vendor.call_sdk(twin, arguments, sdk_id=None)
    return sent.headers.get("SdkId", "none") is None


def paths_are_not_escaped() -> bool:
    operation = ListEndedMeetings(userid="b/c")
    assert vendor.ours(operation).path == "/v1/history/meetings/b%2Fc"
    return vendor.theirs(operation).path == "/v1/history/meetings/b/c"


def empty_answers_fail() -> bool:
    operation = CancelMeeting(meeting_id="5", userid="tester", reason_code=1)
    request = prepare(operation, vendor.GATEWAY)
    assert decode(operation, request, RawAnswer(200, [], b"")) is None
    twin = vendor.counterpart(CancelMeeting)
    assert twin
    body = twin.model(userid="tester", instanceid=1, reason_code=1)
    call = vendor.call_sdk(twin, {"meeting_id": "5", "body": body}, answer=b"")
    assert next(call).path == "/v1/meetings/5/cancel"
    with pytest.raises(ClientException):
        next(call)
    return True


BEHAVIOURS: dict[str, Callable[[], bool]] = {
    "queries are text": queries_are_text,
    "SdkId of None": sdk_id_of_none,
    "paths are not escaped": paths_are_not_escaped,
    "empty answers fail": empty_answers_fail,
    "charset": lambda: constants.DEFAULT_CONTENT_TYPE == "application/json; charset=utf-8",
}


def test_every_listed_behaviour_is_tried() -> None:
    assert [item["member"] for item in LISTED if item["kind"] == "behaviour"] == list(BEHAVIOURS)


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_vendor_still_does_so(name: str) -> None:
    assert BEHAVIOURS[name]()
