"""Users and departments over a real socket: from the invitation to the end, and what is built on the calls."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tm_async import EnterpriseSecret, TencentMeeting, ValidationError
from tm_async.api.users import AiAccountType, DataProcess, UserStatus
from tm_async.emulator import Emulator
from tm_async.errors import ApiError, Conflict, NotFound

ADMIN = {"operator_id": "admin"}


@pytest_asyncio.fixture
async def tm(tm_emulator: Emulator) -> AsyncIterator[TencentMeeting]:
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None) as client:
        yield client


async def test_the_life_of_a_user(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    made = await tm.users.create(**ADMIN, userid="ada", username="Ada", phone="13900000001", email="ada@example.com")
    assert made.userid == "ada"
    assert (await tm.users.get(**ADMIN, userid="ada")).status is UserStatus.NOT_ACTIVATED
    links = await tm.users.create_activation_links(**ADMIN, userid_list=["ada"])
    tm_emulator.users.follow(links.inactivate_user_list[0].activate_url)
    assert (await tm.users.get(**ADMIN, userid="ada")).status is UserStatus.NORMAL
    await tm.users.modify(**ADMIN, userid="ada", job_title="engineer")
    await tm.users.set_enabled(**ADMIN, userid="ada", enable=False)
    shown = await tm.users.get(**ADMIN, userid="ada")
    assert (shown.status, shown.job_title) == (UserStatus.DISABLED, "engineer")
    with pytest.raises(ApiError):
        await tm.users.modify(**ADMIN, userid="ada", job_title="lead")
    await tm.users.set_enabled(**ADMIN, userid="ada", enable=True)
    await tm.users.delete(**ADMIN, userid="ada")
    await tm.users.delete_and_transfer(
        **ADMIN, to_operator_id="ada", data_process=DataProcess.HAND_OVER, receiver_id="tester"
    )
    with pytest.raises(NotFound):
        await tm.users.delete(**ADMIN, userid="nobody")


async def test_a_userid_that_is_taken(tm: TencentMeeting) -> None:
    await tm.users.create(**ADMIN, userid="bo", username="Bo", phone="13900000002")
    with pytest.raises(Conflict) as caught:
        await tm.users.create(**ADMIN, userid="bo", username="Bo", phone="13900000003")
    assert caught.value.code == 20002


async def test_somebody_is_found_by_what_the_api_has_no_search_for(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    for number in range(45):
        await tm.users.create(**ADMIN, userid=f"u{number}", username=f"U {number}", phone=f"139000001{number:02}")
    before = len(tm_emulator.journal)
    (found,) = await tm.users.find(**ADMIN, phone="139-0000-0100")
    assert found.userid == "u0"
    assert len(tm_emulator.journal) - before <= 2, "no page is read beyond the one that has them"
    assert [one.userid for one in await tm.users.find(**ADMIN, name="u 44")] == ["u44"]
    assert await tm.users.find(**ADMIN, email="nobody@example.com") == ()
    with pytest.raises(ValidationError, match="give phone, email or name"):
        await tm.users.find(**ADMIN)


async def test_a_list_without_totals_reads_like_a_list(tm: TencentMeeting) -> None:
    for number in range(25):
        await tm.users.create(**ADMIN, userid=f"p{number}", username=f"P {number}", phone=f"139000002{number:02}")
    everybody = [user.userid async for user in tm.users.list(**ADMIN)]
    assert len(everybody) == len(set(everybody)) >= 25
    filtered = [user.userid async for user in tm.users.list_advanced(**ADMIN, size=10)]
    assert set(filtered) == set(everybody)


async def test_an_ai_account_is_given_once(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    await tm.users.create(**ADMIN, userid="ai", username="Ai", phone="13900000004", user_account_type=1)
    tm_emulator.users.activate("ai")
    await tm.users.add_ai_account(**ADMIN, to_operator_id="ai", ai_account_type=AiAccountType.GIFTED)
    with pytest.raises(ApiError) as caught:
        await tm.users.add_ai_account(**ADMIN, to_operator_id="ai", ai_account_type=AiAccountType.GIFTED)
    assert caught.value.code in (500058, 500111)


async def test_departments_are_a_tree(tm: TencentMeeting) -> None:
    top = await tm.departments.create(userid="admin", department_name="Engineering")
    below = await tm.departments.create(
        userid="admin", department_name="Platform", parent_department_id=top.department_id
    )
    assert [
        one.department_id async for one in tm.departments.list(userid="admin", department_id=top.department_id)
    ] == [below.department_id]
    await tm.users.create(
        **ADMIN, userid="cy", username="Cy", phone="13900000005", department_list=[below.department_id]
    )
    members = [one.userid async for one in tm.departments.list_users(userid="admin", department_id=below.department_id)]
    assert members == ["cy"]
    renamed = await tm.departments.modify(
        userid="admin", department_id=below.department_id, department_name="Core", parent_department_id="0"
    )
    assert (renamed.department_name, renamed.is_main_department) == ("Core", True)
    with pytest.raises(ApiError):
        await tm.departments.remove(userid="admin", department_list=[below.department_id])
    await tm.departments.remove(userid="admin", department_list=[top.department_id])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"userid": "x" * 41}, "userid"),
        ({"userid": "张三"}, "userid"),
        ({"userid": "a@b"}, "userid"),
        ({"job_title": "x" * 97}, "job_title"),
        ({"department_list": ["a", "b"]}, "department_list"),
        ({"area": "+86"}, "area"),
        ({"phone": None}, "phone"),
    ],
)
async def test_what_can_not_be_meant_is_refused_before_it_is_sent(
    tm: TencentMeeting, tm_emulator: Emulator, given: dict[str, object], field: str
) -> None:
    good: dict[str, object] = {**ADMIN, "userid": "dee", "username": "Dee", "phone": "13900000006"}
    before = len(tm_emulator.journal)
    with pytest.raises(ValidationError) as caught:
        await tm.users.create(**good | given)  # type: ignore[arg-type]
    assert [one.field for one in caught.value.violations] == [field]
    assert caught.value.violations[0].page == "1095/43675" or field == "area"
    assert len(tm_emulator.journal) == before
