"""Users and departments over a real socket: from the invitation to the end, and what is built on the calls."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from attrs import evolve

from tm_async import Created, EnterpriseSecret, TencentMeeting, Undecided, ValidationError
from tm_async.api.departments import RemoveDepartments
from tm_async.api.users import (
    AddAiAccount,
    AiAccountType,
    CreateUser,
    DataProcess,
    DeleteAndTransfer,
    RemoveAiAccount,
    SetUserEnabled,
    UserStatus,
)
from tm_async.batch.ledger.memory import MemoryLedger
from tm_async.cli.staff.applying import Applying, What
from tm_async.cli.staff.calls import Call, call_of
from tm_async.cli.staff.planning import Action, Change, Step
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import ApiError, Conflict, NotFound

ADMIN = {"operator_id": "admin"}
PHONE = Change("phone", "", "13900000041")


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
    for written in ("+86 139 0000 0100", "008613900000100"):
        assert await tm.users.find(**ADMIN, phone=written) == (found,)
    assert [one.userid for one in await tm.users.find(**ADMIN, name=" u 44 ")] == ["u44"]
    with pytest.raises(ValidationError, match="give phone, email or name"):
        await tm.users.find(**ADMIN, name=" ")
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


# --- many at once, with a ledger --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [UserStatus.NORMAL, UserStatus.DISABLED])
async def test_what_a_broken_run_may_have_done_to_a_user_is_looked_up(
    tm: TencentMeeting, tm_emulator: Emulator, state: UserStatus
) -> None:
    """A call without a result: who is as it wanted is not called again, who is not is."""
    ledger = MemoryLedger(clock=lambda: now)
    now = 1000.0
    disable = SetUserEnabled(**ADMIN, userid="alice", enable=False)
    await tm.users.set_enabled_many.plan([disable], ledger)
    await ledger.claim("a run that ended", lease=1)
    if state is UserStatus.DISABLED:
        await tm.users.set_enabled(**ADMIN, userid="alice", enable=False)
    now = 2000.0
    before = [one.operation for one in tm_emulator.journal].count("users.set_enabled")
    (outcome,) = await tm.users.set_enabled_many.pending(ledger)
    assert isinstance(outcome, Created)
    assert (outcome.result, outcome.looked_up) == (None, state is UserStatus.DISABLED)
    after = [one.operation for one in tm_emulator.journal].count("users.set_enabled")
    assert after - before == (0 if state is UserStatus.DISABLED else 1)
    (again,) = await tm.users.set_enabled_many([disable], ledger=ledger)
    assert isinstance(again, Created)
    assert again.result is None


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("give", [True, False])
async def test_what_a_broken_run_may_have_done_to_a_licence_is_looked_up(
    tm: TencentMeeting, tm_emulator: Emulator, *, give: bool, done: bool
) -> None:
    """Who has the AI account, or none, as it wanted is not called again; who is not is."""
    ledger, call, now = MemoryLedger(clock=lambda: now), AddAiAccount if give else RemoveAiAccount, 1000.0
    bulk = tm.users.add_ai_account_many if give else tm.users.remove_ai_account_many
    wanted = call(**ADMIN, to_operator_id="alice")
    if done is give:
        await tm.users.add_ai_account(**ADMIN, to_operator_id="alice")
    await bulk.plan([wanted], ledger)
    await ledger.claim("a run that ended", lease=1)
    now = 2000.0
    sent = len([one for one in tm_emulator.journal if one.method != "GET"])
    (outcome,) = await bulk.pending(ledger)
    assert isinstance(outcome, Created)
    assert outcome.looked_up is done
    assert len([one for one in tm_emulator.journal if one.method != "GET"]) == sent + (not done)
    (user,) = await tm.users.find(**ADMIN, name="alice")
    assert bool(user.enable_ai_account) is give


async def test_a_user_whose_creation_had_no_clear_outcome_has_a_name(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    tm_emulator.add_fault(FaultRule(operation="users.create", drop="after", nth=1))
    wanted = [CreateUser(**ADMIN, userid=f"n{one}", username=f"N {one}", phone=f"1390000030{one}") for one in range(3)]
    outcomes = await tm.users.create_many(wanted, ledger=MemoryLedger())
    assert [one.result.userid for one in outcomes if isinstance(one, Created)] == ["n0", "n1", "n2"]
    assert sum(one.looked_up for one in outcomes if isinstance(one, Created)) == 1


async def test_what_becomes_of_data_can_not_be_looked_up(tm: TencentMeeting) -> None:
    erase = DeleteAndTransfer(**ADMIN, to_operator_id="bob", data_process=DataProcess.ERASE)
    seen = await tm.reconcile(erase, since=datetime.now(UTC), until=datetime.now(UTC))
    assert seen == Undecided("nothing shows what became of the data of a deleted user")


async def test_a_creation_that_is_refused_as_the_user_is_there_just_as_wanted(tm: TencentMeeting) -> None:
    await tm.users.create(**ADMIN, userid="eve", username="Eve", phone="13900000040")
    changes = (Change("username", "", "Eve"), Change("phone", "", "13900000040"))
    same, other = (
        call_of(Step(Action.CREATE, "eve", changes=some), "admin") for some in (changes, (*changes[:1], PHONE))
    )
    applying = Applying(tm, 1, lambda: False)
    assert [one.what async for one in applying.results([same])] == [What.DONE]
    assert [one.what async for one in applying.results([other])] == [What.REJECTED]


def disabling(*userids: str) -> list[Call]:
    return [call_of(Step(Action.DISABLE, userid), "admin") for userid in userids]


async def test_a_stop_leaves_the_others_not_sent(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    told: list[What] = []
    applying = Applying(tm, 1, lambda: bool(told))
    async for done in applying.results(disabling("alice", "bob", "carol", "dave")):
        told.append(done.what)  # noqa: PERF401 - it is asked for while it grows
    sent = [one.operation for one in tm_emulator.journal].count("users.set_enabled")
    assert told == [What.DONE] * sent + [What.NOT_SENT] * (4 - sent)
    assert sent < 4


async def test_what_is_broken_off_under_way_is_not_known(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    tm_emulator.add_fault(FaultRule(operation="users.set_enabled", delay=1.0))
    stopped, told = asyncio.Event(), list[What]()

    async def go() -> None:
        async for done in Applying(tm, 1, stopped.is_set).results(disabling("alice", "bob")):
            told.append(done.what)

    task = asyncio.create_task(go())
    while not tm_emulator.journal:  # noqa: ASYNC110 - a journal is nothing to wait for
        await asyncio.sleep(0.01)
    stopped.set()
    task.cancel()
    await asyncio.wait([task])
    assert told == [What.UNKNOWN, What.NOT_SENT]


async def test_a_department_whose_removal_was_not_heard_of(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    """The second attempt hears that there is none; of several it may be another one that is missing."""
    made = await tm.departments.create(userid="admin", department_name="A")
    tm_emulator.add_fault(FaultRule(operation="departments.remove", drop="after", nth=1))
    remove = RemoveDepartments(userid="admin", department_list=[made.department_id])
    await tm.send(remove)
    with pytest.raises(NotFound):
        await tm.send(remove)
    assert not evolve(remove, department_list=["1", "2"]).counts_as_done_again(20000)
