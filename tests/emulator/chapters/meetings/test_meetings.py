"""Create, query by id, query by code, list."""

import base64
import json
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tm_async.emulator import Emulator, State, User
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.identities import Identities
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import CHINA
from tm_async.emulator.oauth.registry import Registry
from tm_async.spec.catalogue import entry

DAY = 86400


def code(answer: Any) -> tuple[int, int]:
    return answer.status_code, answer.json()["error_info"]["error_code"]


async def test_create_answers_as_documented(caller, check_answer) -> None:
    answer = await caller.create(
        invitees=[
            "alice",
            {"userid": "nobody"},
            {"userid": "bob", "is_anonymous": True, "nick_name": "B"},
            "alice",
        ],
        hosts=[{"userid": "alice"}],
        password="123456",
        enable_host_key=True,
        enable_live=True,
        live_config={"live_subject": "s", "enable_live_password": True, "live_password": "pw"},
        settings={
            "mute_enable_join": False,
            "only_enterprise_user_allowed": True,
            "allow_multi_device": True,
        },
        location="会议室",
        time_zone="Asia/Shanghai",
        guests=[{"area": "86", "phone_number": "13800000000", "guest_name": "客人"}],
    )
    check_answer("meetings.create", answer.json())
    assert answer.json()["meeting_number"] == 1
    (info,) = answer.json()["meeting_info_list"]
    (meeting,) = caller.emulator.state.meetings.values()
    assert (info["meeting_id"], info["meeting_code"]) == (meeting.id, meeting.code)
    assert info["hosts"] == [{"userid": "alice"}]
    assert info["participants"] == [{"userid": "alice"}, {"userid": "bob"}]
    assert info["user_non_registered"] == ["nobody"]
    assert info["join_url"].startswith("https://meeting.tencent.com/dm/")
    assert list(info["live_config"]) == ["live_addr"]
    assert info["settings"]["mute_enable_join"] is False
    assert info["settings"]["only_enterprise_user_allowed"] is True
    assert info["settings"]["allow_unmute_self"] is True
    assert (info["password"], len(info["host_key"]), info["enable_live"]) == ("123456", 6, True)


async def test_create_with_the_least(caller, check_answer) -> None:
    answer = await caller.create()
    check_answer("meetings.create", answer.json())
    (info,) = answer.json()["meeting_info_list"]
    assert info["hosts"] == [{"userid": "tester"}]
    assert info["user_non_registered"] == info["participants"] == []
    assert not {"password", "host_key", "live_config"} & set(info)


async def test_live_config_and_host_key_need_their_switches(caller) -> None:
    info = await caller.created(host_key="123456", live_config={"live_subject": "s"})
    assert "host_key" not in info
    assert "live_config" not in info
    assert (await caller.created(host_key="123456", enable_host_key=True))["host_key"] == "123456"


async def test_settings_without_their_switch_have_no_effect(caller) -> None:
    asked = {
        "water_mark_type": 1,
        "participant_join_auto_record": True,
        "enable_host_pause_auto_record": False,
        "open_asr_view": 1,
    }
    plain = (await caller.created(settings=asked))["settings"]
    assert [plain[name] for name in asked] == [0, False, True, 0]
    switches = {"allow_screen_shared_watermark": True, "auto_record_type": "cloud", "auto_asr": True}
    switched = (await caller.created(settings={**asked, **switches}))["settings"]
    assert {name: switched[name] for name in asked} == asked


@pytest.mark.parametrize(
    "members",
    [
        {"subject": None},
        {"start_time": 1780003600},
        {"start_time": "1780003600000"},
        {"end_time": "1780000000"},
        {"subject": "x" * 257},
        {"instanceid": 31},
        {"type": 2},
        {"password": "12"},
        {"host_key": "12"},
        {"location": "x" * 37},
        {"time_zone": "Nowhere"},
        {"invitees": [str(n) for n in range(301)]},
        {"type": 1, "meeting_type": 1, "recurring_rule": {}},
        {"meeting_type": 1},
        {"meeting_type": 1, "recurring_rule": {"until_type": 1, "until_count": 201}},
        {"live_config": {"enable_live_password": True}},
    ],
)
async def test_create_refuses(caller, members: dict[str, Any]) -> None:
    answer = await caller.create(**members)
    assert code(answer) == (400, 190004)
    assert answer.json()["error_info"]["new_error_code"] == 1000190004
    assert not caller.emulator.state.meetings


async def test_unregistered_creator_and_host(caller) -> None:
    assert code(await caller.create(userid="nobody")) == (500, 190001)
    assert code(await caller.create(hosts=["nobody"])) == (500, 190001)
    caller.emulator.seed_users("nobody")
    assert (await caller.create(userid="nobody")).is_success


async def test_numbers_as_strings(caller) -> None:
    info = await caller.created(
        type="0", instanceid="1", meeting_type="1", recurring_rule={"until_type": "1", "until_count": "3"}
    )
    assert (await caller.detail(info["meeting_id"]))["remain_sub_meetings"] == 3


async def test_quick_meeting_starts_now(caller) -> None:
    info = await caller.created(type=1)
    assert (info["start_time"], info["end_time"]) == ("1780000000", "1780003600")


async def test_three_hundred_invitees(caller) -> None:
    people = [f"user{n}" for n in range(300)]
    caller.emulator.seed_users(*people)
    info = await caller.created(invitees=people)
    assert len(info["participants"]) == 300
    assert len((await caller.detail(info["meeting_id"]))["participants"]) == 200  # a query shows 200


async def test_series(caller) -> None:
    rule = {"recurring_type": 2, "until_type": 1, "until_count": 3}
    info = await caller.created(meeting_type=1, recurring_rule=rule, enable_host_key=True)
    start = int(info["start_time"])
    detail = await caller.detail(info["meeting_id"])
    expected = [start + week * 7 * DAY for week in range(3)]
    assert detail["sub_meetings"] == [
        {"sub_meeting_id": str(at), "status": 0, "start_time": str(at), "end_time": str(at + 3600)} for at in expected
    ]
    assert detail["meeting_type"] == 1
    assert (detail["has_more_sub_meeting"], detail["remain_sub_meetings"]) == (0, 3)
    assert detail["current_sub_meeting_id"] == str(start)
    assert detail["recurring_rule"]["recurring_type"] == 2
    assert detail["host_key"] == info["host_key"]

    caller.clock.now = start + 3600  # the first occurrence is over
    detail = await caller.detail(info["meeting_id"])
    assert (detail["remain_sub_meetings"], detail["current_sub_meeting_id"]) == (2, str(expected[1]))
    assert (detail["status"], len(detail["sub_meetings"])) == ("MEETING_STATE_INIT", 3)

    caller.clock.now = expected[2] + 3600
    detail = await caller.detail(info["meeting_id"])
    assert (detail["remain_sub_meetings"], detail["status"]) == (0, "MEETING_STATE_NULL")
    assert "current_sub_meeting_id" not in detail


async def test_mask_that_misses_the_first_day(caller) -> None:
    # The call is on a Friday in China.
    assert datetime.fromtimestamp(caller.clock.now + 3600, CHINA).isoweekday() == 5
    rule = {"recurring_type": 5, "customized_recurring_type": 1, "customized_recurring_step": 1}
    answer = await caller.create(meeting_type=1, recurring_rule={**rule, "customized_recurring_days": 2})
    assert (answer.status_code, answer.json()["error_info"]) == (
        400,
        {
            "error_code": 190004,
            "new_error_code": 1000190004,
            "message": "recurring_days no include firstStartTime",
        },
    )
    assert (await caller.create(meeting_type=1, recurring_rule={**rule, "customized_recurring_days": 34})).is_success


async def test_custom_rule_is_shown(caller) -> None:
    rule = {
        "recurring_type": 5,
        "until_type": 0,
        "until_date": caller.clock.now + 20 * DAY,
        "customized_recurring_type": 1,
        "customized_recurring_step": 1,
        "customized_recurring_days": 34,
    }
    info = await caller.created(meeting_type=1, recurring_rule=rule)
    detail = await caller.detail(info["meeting_id"])
    assert rule.items() <= detail["recurring_rule"].items()
    assert len(detail["sub_meetings"]) == 6


async def test_rule_of_an_ordinary_meeting_is_ignored(caller) -> None:
    info = await caller.created(recurring_rule={"until_type": 1, "until_count": 999})
    assert "recurring_rule" not in await caller.detail(info["meeting_id"])


async def test_fifty_series_per_account(caller) -> None:
    series = {"meeting_type": 1, "recurring_rule": {"until_type": 1, "until_count": 2}}
    for _ in range(50):
        await caller.created(**series)
    answer = await caller.create(**series)
    assert code(answer) == (400, 190004)
    assert "50 series" in answer.json()["error_info"]["message"]
    await caller.created()
    await caller.created(userid="alice", **series)
    caller.clock.now += 3 * DAY
    await caller.created(**series)


async def test_detail_for_the_creator_and_for_an_administrator(caller) -> None:
    info = await caller.created(
        password="123456",
        enable_host_key=True,
        enable_live=True,
        live_config={"live_password": "pw", "live_watermark": {"watermark_opt": 1}},
        settings={"only_enterprise_user_allowed": True},
        time_zone="Asia/Shanghai",
        location="here",
        guests=[{"area": "86", "phone_number": "13800000000"}],
        enable_enroll=True,
    )
    mine = await caller.detail(info["meeting_id"])
    assert (mine["password"], mine["host_key"]) == ("123456", info["host_key"])
    assert "need_password" not in mine
    assert base64.b64decode(mine["time_zone"]).decode() == "Asia/Shanghai"
    assert mine["settings"]["only_allow_enterprise_user_join"] is True
    assert "only_enterprise_user_allowed" not in mine["settings"]
    assert mine["live_config"]["live_watermark"] == {"watermark_opt": 1}
    assert (mine["enable_enroll"], mine["location"]) == (True, "here")
    theirs = await caller.detail(info["meeting_id"], "admin")
    assert theirs["need_password"] is True
    assert not {"password", "host_key", "live_config"} & set(theirs)


async def test_who_may_query(caller) -> None:
    info = await caller.created(invitees=["alice"])
    target = f"/v1/meetings/{info['meeting_id']}?instanceid=1&"
    assert (await caller.get(target + "userid=tester")).is_success  # the older form
    assert (await caller.get(target + "userid=bob&operator_id=tester&operator_id_type=1")).is_success
    answer = await caller.get(target + "userid=alice")
    assert code(answer) == (403, 9042)
    assert answer.json()["error_info"]["new_error_code"] == 1000009042
    assert code(await caller.get(target + "userid=nobody")) == (500, 190001)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("userid=tester", (400, 190004)),
        ("userid=tester&instanceid=31", (400, 190004)),
        ("instanceid=1", (400, 190004)),
        ("operator_id=tester&instanceid=1", (400, 190004)),
        ("operator_id=tester&operator_id_type=9&instanceid=1", (400, 190004)),
        ("userid=tester&instanceid=1", (500, 9003)),
    ],
)
async def test_query_parameters(caller, query: str, expected: tuple[int, int]) -> None:
    assert code(await caller.get(f"/v1/meetings/7567173273889276131?{query}")) == expected


async def test_unknown_meeting_has_no_new_error_code(caller) -> None:
    answer = await caller.get("/v1/meetings/1?userid=tester&instanceid=1")
    assert "new_error_code" not in answer.json()["error_info"]


async def test_userid_1_cannot_create(caller) -> None:
    caller.emulator.seed_users("1")
    assert code(await caller.create(userid="1")) == (400, 190004)


async def test_query_by_code(caller) -> None:
    info = await caller.created(invitees=["alice"])
    found = await caller.page(meeting_code=info["meeting_code"])
    assert found["meeting_number"] == 1
    (detail,) = found["meeting_info_list"]
    assert detail["meeting_id"] == info["meeting_id"]
    dashed = "-".join((info["meeting_code"][:3], info["meeting_code"][3:6], info["meeting_code"][6:]))
    target = "/v1/meetings?instanceid=1&userid="
    assert code(await caller.get(f"{target}tester&meeting_code={dashed}")) == (500, 9003)
    assert code(await caller.get(f"{target}alice&meeting_code={info['meeting_code']}")) == (403, 9042)


async def test_states_over_time(caller) -> None:
    info = await caller.created()
    start, end = int(info["start_time"]), int(info["end_time"])
    states = []
    for now in (start, end - 1, end, start + 30 * DAY - 1, start + 30 * DAY):
        caller.clock.now = now
        states.append((await caller.detail(info["meeting_id"]))["status"].removeprefix("MEETING_STATE_"))
    assert states == ["INIT", "INIT", "NULL", "NULL", "RECYCLED"]
    answer = await caller.get(f"/v1/meetings?userid=tester&instanceid=1&meeting_code={info['meeting_code']}")
    assert code(answer) == (500, 9003)


async def every_page(caller: Any, userid: str = "tester", **query: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: dict[str, object] = {}
    for _ in range(20):
        page = await caller.page(userid, **query, **cursor)
        assert page["meeting_number"] == len(page["meeting_info_list"])
        rows += page["meeting_info_list"]
        if not page["remaining"]:
            assert (page["next_pos"], page["next_cursory"]) == (0, 0)
            return rows
        assert len(page["meeting_info_list"]) == 20
        cursor = {"pos": page["next_pos"], "cursory": page["next_cursory"]}
    raise AssertionError("the list does not end")


async def test_list_pages(caller) -> None:
    assert await every_page(caller) == []
    made = [(await caller.created())["meeting_id"] for _ in range(45)]
    rows = await every_page(caller)
    assert [row["meeting_id"] for row in rows] == made
    assert {row["join_meeting_role"] for row in rows} == {"creator"}
    first = await caller.page()
    repeated = await caller.page(pos=first["next_pos"])  # pos alone repeats rows that start together
    assert repeated["meeting_info_list"][0]["meeting_id"] == made[0]


async def test_list_begins_today_in_beijing(caller) -> None:
    midnight = int(datetime(2026, 5, 29, tzinfo=CHINA).timestamp())
    end = str(caller.clock.now + 7200)
    yesterday = await caller.created(start_time=str(midnight - 1), end_time=end)
    today = await caller.created(start_time=str(midnight), end_time=end)
    assert [row["meeting_id"] for row in await every_page(caller)] == [today["meeting_id"]]
    rows = (await caller.page(pos=midnight - 1))["meeting_info_list"]
    assert [row["meeting_id"] for row in rows] == [yesterday["meeting_id"], today["meeting_id"]]


async def test_list_roles(caller) -> None:
    await caller.created(hosts=["alice"], invitees=["bob"], password="123456")
    await caller.created(userid="carol")
    roles = {
        userid: [row["join_meeting_role"] for row in await every_page(caller, userid)]
        for userid in ("tester", "alice", "bob", "dave")
    }
    assert roles == {"tester": ["creator"], "alice": ["hoster"], "bob": ["invitee"], "dave": []}
    (row,) = await every_page(caller, "bob")
    assert row["need_password"] is True
    assert "password" not in row


async def test_list_of_series(caller) -> None:
    info = await caller.created(meeting_type=1, recurring_rule={"until_type": 1, "until_count": 3})
    start = int(info["start_time"])
    (row,) = await every_page(caller)
    assert "sub_meetings" not in row
    assert (row["start_time"], row["has_more_sub_meeting"], row["remain_sub_meetings"]) == (str(start), 1, 3)
    (row,) = await every_page(caller, is_show_all_sub_meetings=1)
    assert [item["start_time"] for item in row["sub_meetings"]] == [str(start + day * DAY) for day in range(3)]
    caller.clock.now = start + 2 * DAY
    (row,) = await every_page(caller)
    assert (row["start_time"], row["has_more_sub_meeting"]) == (str(start + 2 * DAY), 0)
    caller.clock.now += DAY
    assert await every_page(caller) == []


@pytest.mark.parametrize("query", ["pos=x", "cursory=-1", "is_show_all_sub_meetings=2"])
async def test_list_parameters(caller, query: str) -> None:
    assert code(await caller.get(f"/v1/meetings?userid=tester&instanceid=1&{query}")) == (400, 190004)


async def test_people_as_strings(clock, calling) -> None:
    users = ["tester", User("boss", admin=True)]
    async with Emulator(clock=clock, people_as="strings", users=users) as emulator:
        assert tuple(emulator.users) == (User("tester"), User("boss", admin=True))
        info = await calling(emulator).created(invitees=["boss", "alice"])
        assert info["hosts"] == ["tester"]
        assert info["participants"] == ["boss"]
        assert info["user_non_registered"] == ["alice"]


async def test_half_a_surrogate_pair_in_a_subject(caller) -> None:
    info = await caller.created(subject="\ud83d")
    assert info["subject"] == "\ud83d"
    url = caller.emulator.base_url.removesuffix("v1") + "_emulator/state"
    assert (await caller.http.get(url)).json()["meetings"][0]["subject"] == "\ud83d"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_RULE_FIELDS = next(item["fields"] for item in entry("meetings.create").body if item["name"] == "recurring_rule")
RULE = st.dictionaries(
    st.sampled_from([item["name"] for item in _RULE_FIELDS]),
    st.integers(-2, 40) | JUNK,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(st.sampled_from([item["name"] for item in entry("meetings.create").body]), JUNK),
    RULE,
    st.integers(0, 9_999_999_999),
)
def test_no_body_breaks_the_handler(check_answer, junk: dict[str, Any], rule: dict[str, Any], start: int) -> None:
    state = State([User("tester")], Random(0))
    good = {
        "userid": "tester",
        "instanceid": 1,
        "subject": "s",
        "type": 0,
        "meeting_type": 1,
        "recurring_rule": rule,
        "start_time": str(start),
        "end_time": str(start + 60),
    }
    for body in (good, {**good, **junk}):
        call = Call(
            operation="meetings.create",
            params={},
            query={},
            body=json.dumps(body).encode(),
            now=1_780_000_000,
            state=state,
            quotas=None,
            people=Identities(state.users, "objects"),
            registry=Registry(0, state.users, "objects", state.news),
        )
        try:
            answer = HANDLERS["meetings.create"](call)
        except Refused as refusal:
            assert refusal.number in {190001, 190004}
        else:
            check_answer("meetings.create", answer.value)
