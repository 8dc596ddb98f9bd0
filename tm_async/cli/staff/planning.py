"""What has to be done so that the users of an enterprise are those of a staff list. Pure: it asks and sends nothing.

Rules are cited as U9, U10 ... where a page of the vendor's gives them: nobody who is deleted or disabled can be changed
(doc 1095/43676), nor the phone and the e-mail address of somebody who is activated (the same page); the super
administrator can't be deleted (doc 1095/43679); an address beside a phone is ignored on creation (doc 1095/43675). A
role is for users who are activated (doc 1095/59998).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain

from attrs import field, frozen

from tm_async.api.users import UserStatus

__all__ = [
    "FIELDS",
    "Action",
    "Bound",
    "Change",
    "Missing",
    "Options",
    "Plan",
    "Present",
    "Remark",
    "Step",
    "Wanted",
    "Why",
    "plan",
]

FIELDS = ("username", "area", "phone", "email", "job_title", "staff_id", "department", "licence")
"""What a staff list says of a user, besides the userid and the role."""
_ONLY_BY_THE_PERSON = frozenset({"area", "phone", "email"})
"""Of an activated user (U10); the calling code is a part of the number."""
_UNIQUE = ("phone", "email")
_PLAIN_ROLE = "NORMAL_ROLE"


class Action(StrEnum):
    """What is done to a user, in the order in which it is done."""

    ENABLE = "enable"
    CREATE = "create"
    CHANGE = "change"
    ROLE = "role"
    DISABLE = "disable"
    DELETE = "delete"
    TRANSFER = "transfer"
    """The data of a deleted user go to another one."""


class Missing(StrEnum):
    """What becomes of users who are not in the list."""

    KEEP = "keep"
    DISABLE = "disable"
    DELETE = "delete"


class Why(StrEnum):
    """Why nothing, or not everything, is done to somebody."""

    MISSING = "missing"
    """Not in the list, and stays."""
    ACTING = "acting"
    """Acts for this very command."""
    ROLE = "role"
    """Has a role; the super administrator's has no documented code, so everybody with one is left alone."""
    DELETED = "deleted"
    """Shown as deleted (U9)."""
    ONLY_THE_PERSON = "only-the-person"
    """Activated, so phone and e-mail address are changed by the person only (U10)."""
    TAKEN = "taken"
    """Somebody else has the phone or the address."""
    TOO_MANY = "too-many"
    """Would be deleted, were there not more of them than may be."""
    NOT_ACTIVATED = "not-activated"
    """Not activated, or only just created, so there is no role yet."""
    RECEIVES = "receives"
    """Is to get the data of those who are deleted."""


@frozen
class Wanted:
    """A user as the staff list has it. What is not in `values` stays as it is."""

    userid: str
    values: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    """By name of the field; texts that are not empty."""
    row: int = 0


@frozen
class Present:
    """A user as the enterprise has it."""

    userid: str
    values: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    status: str | None = UserStatus.NORMAL
    role: str | None = None
    departments: frozenset[str] = frozenset()

    @property
    def is_gone(self) -> bool:
        """Whether they were deleted: no page says that the list leaves them out."""
        return self.status == UserStatus.DEREGISTERED

    def shown(self, name: str) -> str:
        """A field as text; several departments are separated by commas."""
        return ", ".join(sorted(self.departments)) if name == "department" else self.values.get(name, "")


@frozen
class Bound:
    """How many may be deleted: a number, or a percentage of the users."""

    number: int
    percent: bool = False

    def of(self, users: int) -> int:
        """The number, among so many users: a percentage is rounded down, but to no less than 1 unless it is 0."""
        if not self.percent:
            return self.number
        return max(1, users * self.number // 100) if self.number else 0

    def __str__(self) -> str:
        return f"{self.number}%" if self.percent else str(self.number)


@frozen(kw_only=True)
class Options:
    """How to go about it."""

    operator: str
    """The userid of the administrator who acts."""
    missing: Missing = Missing.KEEP
    max_deletes: Bound = field(factory=lambda: Bound(5, percent=True))
    transfer_to: str | None = None
    """Who gets the data of those who are deleted; `None`: the data stay where they are."""


@frozen
class Change:
    """A field that differs."""

    name: str
    old: str
    new: str


@frozen
class Step:
    """One call."""

    action: Action
    userid: str
    name: str = ""
    """For people."""
    changes: tuple[Change, ...] = ()
    """Of a creation: all that is set."""
    receiver: str | None = None
    row: int | None = None


@frozen
class Remark:
    """Something that is not done."""

    why: Why
    userid: str
    name: str = ""
    changes: tuple[Change, ...] = ()
    """What it is about."""
    other: str | None = None
    """Who has what somebody else was to get."""


@frozen
class Plan:
    """What is to be done, in order, and what is not."""

    steps: tuple[Step, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unchanged: int = 0
    """Users who are as they should be."""
    most: int = 0
    """How many may be deleted."""

    @property
    def is_barred(self) -> bool:
        """Whether the list wants something of somebody that can't be, as long as it and the enterprise stay as is."""
        return any(remark.why in (Why.DELETED, Why.TAKEN) for remark in self.remarks)

    @property
    def too_many(self) -> int:
        """How many would have to be deleted where those are more than may be; else 0."""
        return sum(remark.why is Why.TOO_MANY for remark in self.remarks)


def plan(wanted: Sequence[Wanted], present: Sequence[Present], options: Options) -> Plan:
    """The plan for a list whose userids, phones and addresses are unique in it.

    Deletions beyond the bound are not cut to it: then nobody is deleted, and everybody concerned is remarked on.
    """
    here = {one.userid: one for one in present}
    present = list(here.values())  # a list that moves on while its pages are read has somebody twice
    listed = {one.userid for one in wanted}
    owners = {
        name: {_fold(name, one.shown(name)): one.userid for one in present if not one.is_gone} for name in _UNIQUE
    }
    alive = sum(not one.is_gone for one in present)
    most = options.max_deletes.of(alive)
    found = [*chain.from_iterable(_of_listed(one, here.get(one.userid), owners, options) for one in wanted)]
    found += chain.from_iterable(_role(one, here.get(one.userid), options) for one in wanted)
    leavers = [*chain.from_iterable(_of_missing(one, options) for one in present if one.userid not in listed)]
    if sum(isinstance(one, Step) and one.action is Action.DELETE for one in leavers) > most:
        leavers = [
            Remark(Why.TOO_MANY, one.userid, one.name) if isinstance(one, Step) else one
            for one in leavers
            if isinstance(one, Remark) or one.action is Action.DELETE
        ]
    order = list(Action)
    steps = [one for one in (*found, *leavers) if isinstance(one, Step)]
    remarks = tuple(one for one in (*found, *leavers) if isinstance(one, Remark))
    touched = {one.userid for one in steps} | {one.userid for one in remarks}
    return Plan(
        tuple(sorted(steps, key=lambda step: order.index(step.action))),
        remarks,
        sum(one.userid in listed and one.userid not in touched for one in present),
        most,
    )


def _fold(name: str, text: str) -> str:
    return text.casefold() if name == "email" else text


def _protected(user: Present, options: Options) -> Why | None:
    if user.userid == options.operator:
        return Why.ACTING
    return None if user.role in (None, "", _PLAIN_ROLE) else Why.ROLE


# --- who is in the list ----------------------------------------------------------------------------------------------


def _of_listed(
    wanted: Wanted, user: Present | None, owners: Mapping[str, Mapping[str, str]], options: Options
) -> Iterator[Step | Remark]:
    name = wanted.values.get("username") or (user.shown("username") if user else "")
    taken = [
        (change, other)
        for change in _differences(wanted, user)
        if change.name in _UNIQUE
        and (other := owners[change.name].get(_fold(change.name, change.new))) not in (None, wanted.userid)
    ]
    changes = [change for change in _differences(wanted, user) if change not in [one for one, _ in taken]]
    if user is None:
        yield from (Remark(Why.TAKEN, wanted.userid, name, (change,), other) for change, other in taken)
        if not taken:
            yield from _creation(wanted, name)
        return
    if user.is_gone:
        yield Remark(Why.DELETED, wanted.userid, name)
        return
    disabled = user.status == UserStatus.DISABLED
    if why := _protected(user, options):
        if changes or taken or disabled:
            yield Remark(why, wanted.userid, name, (*changes, *(change for change, _ in taken)))
        return
    if user.status != UserStatus.NOT_ACTIVATED:
        barred = _only(_differences(wanted, user), _ONLY_BY_THE_PERSON)
        if barred:
            yield Remark(Why.ONLY_THE_PERSON, wanted.userid, name, barred)
        changes = [change for change in changes if change not in barred]
    else:
        yield from (Remark(Why.TAKEN, wanted.userid, name, (change,), other) for change, other in taken)
    if disabled:
        yield Step(Action.ENABLE, wanted.userid, name, row=wanted.row)
    if changes:
        yield Step(Action.CHANGE, wanted.userid, name, tuple(changes), row=wanted.row)


def _role(wanted: Wanted, user: Present | None, options: Options) -> Iterator[Step | Remark]:
    """A role that the list names goes to everybody but who acts; the gateway refuses it to the super administrator."""
    role, old = wanted.values.get("role"), (user.role or "") if user else ""
    if role in {None, old} or (user and user.is_gone):
        return
    name, change = wanted.values.get("username", ""), (Change("role", old, str(role)),)
    stays_disabled = user and user.status == UserStatus.DISABLED and _protected(user, options)
    if user is None or user.status == UserStatus.NOT_ACTIVATED:
        yield Remark(Why.NOT_ACTIVATED, wanted.userid, name, change)
    elif user.userid == options.operator or stays_disabled:
        yield Remark(_protected(user, options) or Why.ROLE, wanted.userid, name, change)
    else:
        yield Step(Action.ROLE, wanted.userid, name, change, row=wanted.row)


def _creation(wanted: Wanted, name: str) -> Iterator[Step]:
    """An address beside a phone is set by a change of its own, as a creation ignores it (doc 1095/43675)."""
    changes = _differences(wanted, None)
    later = _only(changes, {"email"}) if "phone" in wanted.values else ()
    first = tuple(change for change in changes if change not in later)
    yield Step(Action.CREATE, wanted.userid, name, first, row=wanted.row)
    if later:
        yield Step(Action.CHANGE, wanted.userid, name, later, row=wanted.row)


def _differences(wanted: Wanted, user: Present | None) -> list[Change]:
    return [
        Change(name, user.shown(name) if user else "", new)
        for name in FIELDS
        if (new := wanted.values.get(name)) and not _is(user, name, new)
    ]


def _is(user: Present | None, name: str, text: str) -> bool:
    if user is None:
        return False
    if name == "department":
        return text in user.departments
    return _fold(name, user.shown(name)) == _fold(name, text)


def _only(changes: Iterable[Change], names: Iterable[str]) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.name in names)


# --- who is not -------------------------------------------------------------------------------------------------------


def _of_missing(user: Present, options: Options) -> Iterator[Step | Remark]:
    name = user.shown("username")
    if user.is_gone:
        return
    done = options.missing is Missing.DISABLE and user.status == UserStatus.DISABLED
    if done or options.missing is Missing.KEEP:
        yield Remark(Why.MISSING, user.userid, name)
    elif why := _protected(user, options):
        yield Remark(why, user.userid, name)
    elif user.userid == options.transfer_to:
        yield Remark(Why.RECEIVES, user.userid, name)
    elif options.missing is Missing.DISABLE:
        yield Step(Action.DISABLE, user.userid, name)
    else:
        yield Step(Action.DELETE, user.userid, name, receiver=options.transfer_to)
        if options.transfer_to is not None:
            yield Step(Action.TRANSFER, user.userid, name, receiver=options.transfer_to)
