"""The plan of `users sync`: carried out, it makes the users those of the list; and it never does more than it may."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tm_async.api.users import UserStatus
from tm_async.cli.staff.columns import ALIASES
from tm_async.cli.staff.planning import (
    FIELDS,
    Action,
    Bound,
    Change,
    Missing,
    Options,
    Plan,
    Present,
    Remark,
    Step,
    Wanted,
    Why,
    plan,
)

NORMAL, DELETED, WAITING, DISABLED = "1", "2", "3", "4"
IDS = [f"u{number}" for number in range(8)]
BOSS = Present("boss", role="ADMIN_ROLE")


def options(**given_: Any) -> Options:
    return Options(operator="boss", **given_)


def unique(ids: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    """At most one of them each; nothing where they run out."""
    return dict(zip(ids, texts, strict=False))


@st.composite
def peoples(draw: st.DrawFn) -> dict[str, dict[str, str]]:
    """Values by userid, in which no phone and no address is there twice."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True))
    phones = unique(ids, draw(st.lists(st.integers(1, 12).map(lambda one: f"139{one:08}"), unique=True)))
    emails = unique(ids, draw(st.lists(st.integers(1, 12).map(lambda one: f"m{one}@example.com"), unique=True)))
    found: dict[str, dict[str, str]] = {}
    for userid in ids:
        rest = {
            name: draw(st.sampled_from(["", "a", "b"])) for name in FIELDS if name not in {"phone", "email", "area"}
        }
        values = rest | {"phone": phones.get(userid, ""), "email": emails.get(userid, "")}
        found[userid] = {name: text for name, text in values.items() if text}
    return found


@st.composite
def enterprises(draw: st.DrawFn) -> list[Present]:
    statuses = st.sampled_from(list(UserStatus)) | st.none()
    roles = st.sampled_from(["NORMAL_ROLE", "NORMAL_ROLE", None, "ADMIN_ROLE"])
    return [BOSS] + [
        Present(
            userid,
            {name: text for name, text in values.items() if name != "department"},
            draw(statuses),
            draw(roles),
            frozenset({values["department"]} if "department" in values else ()),
        )
        for userid, values in draw(peoples()).items()
    ]


@st.composite
def lists(draw: st.DrawFn) -> list[Wanted]:
    roles = st.sampled_from(["", "", "NORMAL_ROLE", "AUDITOR"])
    return [
        Wanted(userid, {**values, **({"role": role} if (role := draw(roles)) else {})})
        for userid, values in draw(peoples()).items()
    ]


LISTS = lists()
OPTIONS = st.builds(
    options,
    missing=st.sampled_from(Missing),
    max_deletes=st.builds(Bound, st.integers(0, 100), percent=st.booleans()),
    transfer_to=st.sampled_from([None, *IDS]),
)


def carried_out(made: Plan, present: Iterable[Present]) -> list[Present]:
    """What the gateway does, as the vendor's pages have it; what they forbid fails the test."""
    there = {one.userid: one for one in present}
    for step in made.steps:
        if step.action is Action.TRANSFER:
            assert step.userid not in there
            continue
        if step.action is Action.CREATE:
            assert step.userid not in there
            assert not {"phone", "email"} <= {change.name for change in step.changes}, "the address would be ignored"
            there[step.userid] = Present(step.userid, status=WAITING)
        user = there[step.userid]
        assert user.userid != "boss"
        assert user.status != DELETED
        if step.action is Action.ROLE:
            assert user.status in (NORMAL, None, "5"), "60001, 60002"
            ((_, old, new),) = [(change.name, change.old, change.new) for change in step.changes]
            assert old == (user.role or "")
            there[step.userid] = evolve(user, role=new)
            continue
        assert user.role in (None, "NORMAL_ROLE")
        match step.action:
            case Action.ENABLE | Action.DISABLE:
                there[step.userid] = evolve(user, status=NORMAL if step.action is Action.ENABLE else DISABLED)
            case Action.DELETE:
                del there[step.userid]
            case _:
                there[step.userid] = changed(user, step.changes, there.values())
    return list(there.values())


def shown(user: Present, name: str) -> str:
    return user.role or "" if name == "role" else user.shown(name)


def changed(user: Present, changes: Sequence[Change], everybody: Iterable[Present]) -> Present:
    assert user.status != DISABLED, "U9"
    for change in changes:
        assert change.old == user.shown(change.name)
        if change.name in {"phone", "email"}:
            assert user.status == WAITING, "U10"
            alive = [one for one in everybody if one.status != DELETED]
            assert change.new not in [one.shown(change.name) for one in alive], "somebody has it"
    values = {change.name: change.new for change in changes}
    department = values.pop("department", None)
    departments = user.departments if department is None else frozenset({department})
    return evolve(user, values={**user.values, **values}, departments=departments)


@given(LISTS, enterprises(), OPTIONS)
def test_carried_out_it_makes_the_users_those_of_the_list(
    wanted: list[Wanted], present: list[Present], chosen: Options
) -> None:
    made = plan(wanted, present, chosen)
    after = {one.userid: one for one in carried_out(made, present)}
    about = {remark.userid for remark in made.remarks}
    for one in wanted:
        if one.userid not in about:
            user = after[one.userid]
            assert user.status not in (DISABLED, DELETED)
            assert {name: shown(user, name) for name in one.values} == one.values
    listed = {one.userid for one in wanted}
    for missing in present:
        if missing.userid not in listed | about and missing.status != DELETED:
            gone = missing.userid not in after
            assert gone if chosen.missing is Missing.DELETE else after[missing.userid].status == DISABLED


@given(LISTS, enterprises(), OPTIONS)
def test_a_second_plan_is_empty(wanted: list[Wanted], present: list[Present], chosen: Options) -> None:
    made = plan(wanted, present, chosen)
    again = plan(wanted, carried_out(made, present), chosen)
    lost_a_role = {step.userid for step in made.steps if step.action is Action.ROLE}  # and is left alone no more
    if Why.TAKEN not in {remark.why for remark in made.remarks} and not made.too_many:
        assert {step.userid for step in again.steps} <= lost_a_role
        assert Action.ROLE not in {step.action for step in again.steps}


@given(LISTS, enterprises(), OPTIONS)
def test_nobody_is_deleted_beyond_the_bound_or_unasked(
    wanted: list[Wanted], present: list[Present], chosen: Options
) -> None:
    made = plan(wanted, present, chosen)
    deleted = [step.userid for step in made.steps if step.action is Action.DELETE]
    alive = sum(one.status != DELETED for one in present)
    assert len(deleted) <= chosen.max_deletes.of(alive) == made.most
    assert not deleted or chosen.missing is Missing.DELETE
    assert not {"boss", chosen.transfer_to} & set(deleted)
    assert not set(deleted) & {one.userid for one in wanted}
    handed_over = [step.userid for step in made.steps if step.action is Action.TRANSFER]
    assert handed_over == (deleted if chosen.transfer_to else [])


@given(LISTS, enterprises(), OPTIONS)
def test_nothing_that_differs_is_passed_over_in_silence(
    wanted: list[Wanted], present: list[Present], chosen: Options
) -> None:
    made = plan(wanted, present, chosen)
    here = {one.userid: one for one in present}
    said = {one.userid: set[str]() for one in wanted}
    for part in (*made.steps, *made.remarks):
        if part.userid in said:
            said[part.userid] |= {change.name for change in part.changes}
    for one in wanted:
        user = here.get(one.userid)
        if user is None or user.status == DELETED:
            continue
        assert {name for name, text in one.values.items() if shown(user, name) != text} <= said[one.userid]


@pytest.mark.parametrize(
    ("bound", "users", "wanted"),
    [
        (Bound(5, percent=True), 100, 5),
        (Bound(5, percent=True), 59, 2),
        (Bound(5, percent=True), 10, 1),
        (Bound(0, percent=True), 1000, 0),
        (Bound(100, percent=True), 7, 7),
        (Bound(0), 1000, 0),
        (Bound(3), 2, 3),
    ],
)
def test_bounds(bound: Bound, users: int, wanted: int) -> None:
    assert bound.of(users) == wanted


PHONE = {"phone": "13900000001"}


@pytest.mark.parametrize(
    ("wanted", "user", "steps", "remarks"),
    [
        (PHONE, Present("a"), [], [(Why.ONLY_THE_PERSON, None)]),
        (PHONE, Present("a", status=WAITING), [Action.CHANGE], []),
        (PHONE, Present("a", status=DISABLED), [Action.ENABLE], [(Why.ONLY_THE_PERSON, None)]),
        ({"job_title": "x"}, Present("a", status=DISABLED), [Action.ENABLE, Action.CHANGE], []),
        ({"job_title": "x"}, Present("a", status=DELETED), [], [(Why.DELETED, None)]),
        ({"job_title": "x"}, Present("a", role="SUPER"), [], [(Why.ROLE, None)]),
        ({"job_title": "x"}, Present("a", {"job_title": "x"}, role="SUPER"), [], []),
        ({"email": "A@example.com"}, Present("a", {"email": "a@example.com"}), [], []),
        ({"department": "d1"}, Present("a", departments=frozenset({"d1", "d2"})), [], []),
        ({**PHONE, "email": "a@b"}, None, [Action.CREATE, Action.CHANGE], []),
        ({"email": "a@b"}, None, [Action.CREATE], []),
        ({"role": "R"}, Present("a"), [Action.ROLE], []),
        ({"role": "R"}, Present("a", role="R"), [], []),
        ({"role": "NORMAL_ROLE"}, Present("a", role="SUPER"), [Action.ROLE], []),
        ({"role": "R", "job_title": "x"}, Present("a", role="SUPER"), [Action.ROLE], [(Why.ROLE, None)]),
        ({"role": "R"}, Present("a", status=WAITING), [], [(Why.NOT_ACTIVATED, None)]),
        ({"role": "R", **PHONE}, None, [Action.CREATE], [(Why.NOT_ACTIVATED, None)]),
        ({"role": "R"}, Present("a", status=DISABLED), [Action.ENABLE, Action.ROLE], []),
        ({"role": "R"}, Present("a", role="S", status=DISABLED), [], [(Why.ROLE, None)] * 2),
        ({"phone": "taken"}, None, [], [(Why.TAKEN, "other")]),
        ({"phone": "taken"}, Present("a", status=WAITING), [], [(Why.TAKEN, "other")]),
    ],
)
def test_what_becomes_of_one(
    wanted: dict[str, str], user: Present | None, steps: list[Action], remarks: list[tuple[Why, str | None]]
) -> None:
    other = Present("other", {"phone": "taken"})
    made = plan([Wanted("a", wanted), Wanted("other")], [BOSS, other, *([user] if user else [])], options())
    assert [step.action for step in made.steps] == steps
    assert [(remark.why, remark.other) for remark in made.remarks if remark.userid != "boss"] == remarks


def test_whoever_acts_or_receives_stays() -> None:
    made = plan([], [BOSS, Present("a"), Present("b")], options(missing=Missing.DELETE, transfer_to="b"))
    assert made.steps == (Step(Action.DELETE, "a", receiver="b"), Step(Action.TRANSFER, "a", receiver="b"))
    assert made.remarks == (Remark(Why.ACTING, "boss"), Remark(Why.RECEIVES, "b"))


def test_somebody_who_is_twice_in_the_list_of_users() -> None:
    """As it moves on when somebody is added while its pages are read."""
    made = plan([], [BOSS, *[Present(one) for one in "aab"]], options(missing=Missing.DELETE, max_deletes=Bound(2)))
    assert [(step.action, step.userid) for step in made.steps] == [(Action.DELETE, "a"), (Action.DELETE, "b")]


def test_every_field_has_a_column() -> None:
    assert set(ALIASES) == {"userid", *FIELDS, "role"}


@pytest.mark.parametrize("most", range(5))
def test_more_than_the_bound_is_none_at_all(most: int) -> None:
    leavers = [Present(one) for one in "abc"]
    made = plan([], [BOSS, *leavers], options(missing=Missing.DELETE, max_deletes=Bound(most), transfer_to="boss"))
    deleted = [step.userid for step in made.steps if step.action is Action.DELETE]
    assert deleted == (["a", "b", "c"] if most >= 3 else [])
    assert made.too_many == (0 if most >= 3 else 3)
    assert len(made.steps) == 2 * len(deleted)
