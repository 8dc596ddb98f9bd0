"""Calls of the API with a user's token: headers, who one is, and what one sees."""

import logging

import pytest

from tests.emulator.calls import ask, operated, told_as
from tests.emulator.conftest import asked
from tests.emulator.gateway.test_app import refused
from tm_async.emulator import Emulator

LOOK = "/v1/meetings?userid={open_id}&instanceid=1"


@pytest.mark.parametrize(
    ("changed", "number", "new"),
    [
        ({"AccessToken": ""}, 200001, None),
        ({"OpenId": None}, 200001, None),
        ({"OpenId": ""}, 200001, None),
        ({"X-TC-Timestamp": None}, 200001, None),
        ({"X-TC-Nonce": None}, 200001, None),
        ({"Content-Type": None}, 200001, None),
        ({"Content-Type": "text/xml"}, 200006, None),
        ({"X-TC-Nonce": "0"}, 200006, None),
        ({"X-TC-Nonce": "-1"}, 200006, None),
        ({"X-TC-Nonce": "a"}, 200006, None),
        ({"X-TC-Timestamp": "1"}, 190300, None),
        ({"X-TC-Timestamp": "now"}, 190300, None),
        ({"AccessToken": "Bearer x"}, 190303, 200190303),
        ({"OpenId": "alice"}, 190303, 200190303),
    ],
)
async def test_headers(third, changed, number: int, new: int | None, caplog) -> None:
    pair = await third.allowed()
    caplog.clear()
    target = LOOK.format_map(pair)
    message = refused(await third.send(pair, "GET", target, changed=changed), 400, number, new)
    entry = third.emulator.journal[-1]
    assert (entry.operation, entry.code, entry.accepted) == ("meetings.list", number, False)
    assert entry.reason
    assert entry.reason in message
    (record,) = [record for record in caplog.records if record.name == "tm_async.emulator"]
    assert record.getMessage() == f"meetings.list refused with {number}: {entry.reason}"
    assert pair["access_token"] not in caplog.text + message


async def test_a_bearer_token_is_no_access_token(third) -> None:
    pair = await third.allowed()
    changed = {"AccessToken": None, "Authorization": f"Bearer {pair['access_token']}"}
    refused(await third.send(pair, "GET", LOOK.format_map(pair), changed=changed), 400, 200001)


async def test_the_timestamp_may_be_five_minutes_off(third) -> None:
    pair = await third.allowed()
    headers = third.headers(pair)
    third.clock.now += 300
    assert (await third.send(pair, "GET", LOOK.format_map(pair), changed=headers)).is_success
    headers = third.headers(pair)
    third.clock.now += 301
    refused(await third.send(pair, "GET", LOOK.format_map(pair), changed=headers), 400, 190300)


async def test_replay(third) -> None:
    alice, bob = await third.allowed("alice"), await third.allowed("bob")
    headers = third.headers(alice)
    assert (await third.send(alice, "GET", LOOK.format_map(alice), changed=headers)).is_success
    refused(await third.send(alice, "GET", LOOK.format_map(alice), changed=headers), 400, 190301)
    same = {name: headers[name] for name in ("X-TC-Timestamp", "X-TC-Nonce")}
    assert (await third.send(bob, "GET", LOOK.format_map(bob), changed=same)).is_success


async def test_headers_of_the_other_mode_are_ignored_and_noted(third, caller, caplog) -> None:
    caplog.set_level(logging.INFO, "tm_async.emulator")
    pair = await third.allowed()
    foreign = {"X-TC-Signature": "x", "X-TC-Key": "y", "AppId": "z", "SdkId": "", "X-TC-Registered": "0"}
    assert (await third.send(pair, "GET", LOOK.format_map(pair), changed=foreign)).is_success
    (record,) = [record for record in caplog.records if record.name == "tm_async.emulator"]
    assert record.getMessage().endswith("with an AccessToken: X-TC-Signature, X-TC-Key, AppId, SdkId")
    # And the OpenId alone does not make a call one of a user's.
    assert (await caller.send("GET", "/v1/meetings?userid=tester&instanceid=1", changed={"OpenId": "x"})).is_success


async def test_header_case(third, clock, becoming) -> None:
    async with Emulator(clock=clock, strict_header_case=True) as strict:
        for emulator in (third.emulator, strict):
            third = becoming(emulator)
            pair = await third.allowed()
            for name in ("AccessToken", "OpenId"):
                headers = third.headers(pair)
                changed = {name: None, name.lower(): headers[name]}
                answer = await third.send(pair, "GET", LOOK.format_map(pair), changed=changed)
                assert answer.status_code == (400 if emulator is strict else 200)
            assert (await third.list(pair)).is_success


async def test_people_are_open_ids_to_apps_and_userids_to_the_enterprise(third, caller, check_answer) -> None:
    oauth = third.emulator.oauth
    pair = await third.allowed()
    alice, bob, carol = (oauth.open_id(userid) for userid in ("alice", "bob", "carol"))
    strange = oauth.open_id("dave", oauth.add_app())
    info = await third.created(
        pair,
        hosts=[{"userid": alice}, {"userid": bob}],
        invitees=[{"userid": name} for name in (carol, "dave", strange, carol, "nobody")],
    )
    assert info["hosts"] == [{"userid": alice}, {"userid": bob}]
    assert info["participants"] == [{"userid": carol}]
    assert info["user_non_registered"] == ["dave", strange, "nobody"]

    (meeting,) = third.emulator.state.meetings.values()
    assert (meeting.creator, meeting.app) == ("alice", third.app.sdk_id)
    assert [person.userid for person in (*meeting.hosts, *meeting.invitees)] == ["alice", "bob", "carol"]

    answer = await third.get(pair, meeting.id)
    check_answer("meetings.get", answer.json())
    (found,) = answer.json()["meeting_info_list"]
    assert (found["hosts"], found["participants"]) == (info["hosts"], info["participants"])
    (listed,) = (await third.list(await third.allowed("carol"))).json()["meeting_info_list"]
    assert (listed["meeting_id"], listed["join_meeting_role"]) == (meeting.id, "invitee")
    assert listed["participants"] == info["participants"]

    seen = await caller.detail(meeting.id, "admin")
    assert seen["hosts"] == [{"userid": "alice"}, {"userid": "bob"}]
    assert seen["participants"] == [{"userid": "carol"}]
    (seen,) = (await caller.page("alice"))["meeting_info_list"]
    assert seen["hosts"] == [{"userid": "alice"}, {"userid": "bob"}]


async def test_people_as_strings(clock, becoming) -> None:
    async with Emulator(clock=clock, people_as="strings") as emulator:
        third = becoming(emulator)
        pair = await third.allowed()
        assert (await third.create(pair)).json()["meeting_info_list"][0]["hosts"] == [pair["open_id"]]


async def test_nobody_acts_for_somebody_else(third) -> None:
    pair, bob = await third.allowed(), third.emulator.oauth.open_id("bob")
    info = await third.created(pair)
    for stranger in (bob, "alice", "bob"):
        refused(await third.create(pair, userid=stranger), 403, 9042, 1000009042)
        refused(await third.list(pair, userid=stranger), 403, 9042, 1000009042)
        refused(await third.get(pair, info["meeting_id"], operator_id=stranger), 403, 9042, 1000009042)
    assert len(third.emulator.state.meetings) == 1
    refused(await third.create(pair, hosts=[{"userid": "alice"}]), 500, 190001)


async def test_the_type_of_an_operator_is_open_id(third) -> None:
    pair = await third.allowed()
    info = await third.created(pair)
    for kind, named in (("1", pair["open_id"]), ("1", "alice"), ("3", pair["open_id"]), ("4", pair["open_id"])):
        answer = await third.get(pair, info["meeting_id"], operator_id=named, operator_id_type=kind)
        refused(answer, 400, 190004, 1000190004)
    answer = await third.get(pair, info["meeting_id"], operator_id=pair["open_id"], operator_id_type="2")
    assert answer.json()["meeting_number"] == 1
    listed = await third.list(pair, operator_id=pair["open_id"], operator_id_type="2", userid=pair["open_id"])
    refused(listed, 400, 190004, 1000190004)  # the page has 3 only


async def test_apps_see_what_was_made_through_them(third, caller, becoming) -> None:
    oauth = third.emulator.oauth
    other = becoming(third.emulator, oauth.add_app("Other"))
    pair, theirs = await third.allowed(), await other.allowed()
    mine = await third.created(pair, subject="mine")
    foreign = [
        await caller.created(userid="alice", subject="by the enterprise"),
        await other.created(theirs, subject="by another app"),
    ]
    for info in foreign:
        by_id = refused(await third.get(pair, info["meeting_id"]), 403, 9042, 1000009042)
        by_code = refused(await third.list(pair, meeting_code=info["meeting_code"]), 500, 9003)
        assert info["meeting_id"] not in by_id + by_code
    answer = await third.list(pair, meeting_code=mine["meeting_code"])
    assert answer.json()["meeting_info_list"][0]["meeting_id"] == mine["meeting_id"]
    rows = (await third.list(pair)).json()["meeting_info_list"]
    assert [row["subject"] for row in rows] == ["mine"]
    assert [row["subject"] for row in (await other.list(theirs)).json()["meeting_info_list"]] == ["by another app"]
    assert (await caller.page("alice"))["meeting_number"] == 3


async def test_who_was_deleted_keeps_the_open_id(third, caller) -> None:
    pair = await third.allowed("alice")
    meeting = (await third.created(pair))["meeting_id"]
    for who in ("alice", "bob"):
        third.emulator.meetings.join(meeting, who)
    assert (await ask(caller, "users.delete", **operated("admin", userid="bob", instanceid=None))).status_code == 200
    asking = {"operator_id": pair["open_id"], "operator_id_type": 2, "instanceid": 1, "meetingId": meeting}
    page = await told_as(third, pair, "meetings.list_participants", **asking)
    alice, bob = (one["open_id"] for one in page["participants"])
    assert alice == pair["open_id"] != bob
    with pytest.raises(ValueError, match="'bob' is not registered"):
        third.emulator.oauth.open_id("bob")


async def test_pages_of_an_apps_list_have_no_holes(third, caller) -> None:
    pair = await third.allowed()
    mine = []
    for number in range(25):
        await caller.created(userid="alice", start_time=str(int(third.clock.now) + 3600 + number))
        info = await third.created(pair, start_time=str(int(third.clock.now) + 3600 + number))
        mine.append(info["meeting_id"])
    first = (await third.list(pair)).json()
    assert (first["meeting_number"], first["remaining"]) == (20, 1)
    last = (await third.list(pair, pos=str(first["next_pos"]), cursory=str(first["next_cursory"]))).json()
    rows = first["meeting_info_list"] + last["meeting_info_list"]
    assert ([row["meeting_id"] for row in rows], last["remaining"]) == (mine, 0)


async def test_only_creator_and_administrator_see_a_meeting(third) -> None:
    info = await third.created(await third.allowed("alice"), password="987654")
    message = refused(await third.get(await third.allowed("bob"), info["meeting_id"]), 403, 9042, 1000009042)
    assert "'bob'" not in message
    (seen,) = (await third.get(await third.allowed("admin"), info["meeting_id"])).json()["meeting_info_list"]
    assert "password" not in seen


async def test_operations_of_one_mode(third, caller) -> None:
    pair = await third.allowed()
    for method, target in (("GET", "/v1/users/list"), ("POST", "/v1/users"), ("GET", "/v1/corp/meetings")):
        assert "for enterprise only" in refused(await third.send(pair, method, target), 400, 200004)
    answer = await caller.send("PUT", "/v1/auth-users/cancel-auth?operator_id=alice&operator_id_type=1")
    assert "for oauth2 only" in refused(answer, 400, 200004)
    # The documents do not say: so it is taken, and looked at further.
    answer = await third.send(pair, "GET", "/v1/meeting/5")
    assert "operator_id is missing" in refused(answer, 400, 190004, 1000190004)


async def test_quotas_count_each_app_for_itself(clock, becoming, calling) -> None:
    async with Emulator(clock=clock, enforce_quotas=True) as emulator:
        third = becoming(emulator)
        pair = await third.allowed()
        for _ in range(300):
            emulator._backend.quotas.call(clock.now, third.app.sdk_id)
        refused(await third.list(pair), 500, 190310)
        assert (await calling(emulator).get("/v1/meetings?userid=tester&instanceid=1")).is_success


async def test_bodies_are_checked_as_ever(third) -> None:
    pair = await third.allowed()
    assert "subject is empty" in refused(await third.create(pair, subject=""), 400, 190004, 1000190004)
    body = asked(third.clock, userid=pair["open_id"], subject=None)
    assert "subject" not in body
    refused(await third.create(pair, subject=None), 400, 190004, 1000190004)
