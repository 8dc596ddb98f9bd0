"""Enrolment in meetings: what is asked of people, and who has registered. Knows nothing of codes and wire shapes."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import IntEnum
from random import Random
from typing import Any

from attrs import evolve, field, frozen

from tm_async.emulator.chapters.meetings.temporary import ms_open_id

__all__ = ["Answered", "Config", "Enrolled", "Enrolments", "Phone", "Question", "Registration"]

SINGLE, MULTIPLE, TEXT = 1, 2, 3
"""Kinds of questions."""

MANUAL = 2
"""`approve_type`: somebody decides."""


class Enrolled(IntEnum):
    """State of a registration."""

    PENDING = 1
    REJECTED = 2
    APPROVED = 3


@frozen(kw_only=True)
class Question:
    """A question of the registration page."""

    type: int
    """1 single choice, 2 multiple choice, 3 text."""
    title: str | None = None
    """`None` for a preset question, whose wording no document has."""
    required: bool = False
    special: int = 1
    """1 for a question of one's own; 2 mobile, 3 e-mail, 4 name."""
    options: tuple[str, ...] = ()


@frozen
class Answered:
    """A question of the time when somebody registered, and the answer."""

    question: Question
    content: tuple[str, ...]


@frozen
class Config:
    """Settings of the registration page."""

    values: Mapping[str, Any]
    """Plain members by their names on the wire."""
    questions: tuple[Question, ...] = ()

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that are put: they count only while questions are collected."""
        return self.questions if self.values["is_collect_question"] == 2 else ()


# Defaults as in the vendor's Python SDK 1.0.10; the other members have none that is documented.
DEFAULTS: Mapping[str, Any] = {
    "approve_type": 1,
    "is_collect_question": 1,
    "display_number_of_participants": 1,
    "no_registration_needed_for_staff": False,
}


@frozen
class Phone:
    """The number by which somebody was imported."""

    area: str
    number: str


@frozen(kw_only=True)
class Registration:
    """Somebody who registered, or was imported."""

    id: int
    """Unique in the enterprise; the documents promise it for the meeting."""
    userid: str | None = None
    phone: Phone | None = None
    nick_name: str | None = None
    status: Enrolled
    imported: bool = False
    time: float
    """UNIX seconds."""
    code: str = field(repr=False)
    """Lets somebody in by telephone."""
    ms_open_id: str
    answers: tuple[Answered, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """For the control plane, without code, telephone and answers."""
        plain = ("id", "userid", "nick_name", "time", "ms_open_id")
        return {**{name: getattr(self, name) for name in plain}, "status": self.status.name.lower()}


class Enrolments:
    """Registration pages and registrations, by meeting id."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._ids = itertools.count(1_000_001)
        self._configs: dict[str, Config] = {}
        self._registered: dict[str, dict[int, Registration]] = {}
        self._imported: dict[str, dict[str | Phone, int]] = {}
        """Ids of the imported, by person."""

    def config(self, meeting_id: str) -> Config:
        """The settings in force."""
        return self._configs.get(meeting_id) or Config(DEFAULTS)

    def configure(self, meeting_id: str, values: Mapping[str, Any], questions: Sequence[Question] | None) -> Config:
        """Change what is given; preset questions go first (vendor's Python SDK 1.0.10)."""
        old = self.config(meeting_id)
        kept = old.questions if questions is None else tuple(sorted(questions, key=lambda item: item.special == 1))
        config = self._configs[meeting_id] = Config({**old.values, **values}, kept)
        return config

    def of(self, meeting_id: str) -> list[Registration]:
        """Every registration, in the order in which they came."""
        return list(self._registered.get(meeting_id, {}).values())

    def enrol(
        self,
        meeting_id: str,
        userid: str | None,
        *,
        nick_name: str | None,
        answers: Sequence[str | Sequence[str]],
        now: float,
    ) -> Registration:
        """Somebody registers by themselves; `ValueError` where the page would not let them."""
        config = self.config(meeting_id)
        self._check_open(meeting_id, config, now)
        if userid is not None and any(item.userid == userid and not item.imported for item in self.of(meeting_id)):
            raise ValueError(f"userid: {userid!r} has registered for this meeting before")
        status = Enrolled.PENDING if config.values["approve_type"] == MANUAL else Enrolled.APPROVED
        return self._add(
            meeting_id,
            userid=userid,
            nick_name=nick_name,
            answers=tuple(_answered(config.asked, answers)),
            status=status,
            time=now,
        )

    def bring(self, meeting_id: str, who: str | Phone, *, nick_name: str | None, now: float) -> Registration:
        """Import a user or a telephone number. Who was imported before is not imported twice (not documented).

        That the imported are approved at once is not documented either.
        """
        imported = self._imported.setdefault(meeting_id, {})
        if who in imported:
            return self._registered[meeting_id][imported[who]]
        registration = self._add(
            meeting_id,
            userid=None if isinstance(who, Phone) else who,
            phone=who if isinstance(who, Phone) else None,
            nick_name=nick_name,
            status=Enrolled.APPROVED,
            imported=True,
            time=now,
        )
        imported[who] = registration.id
        return registration

    def imported(self, meeting_id: str) -> Collection[str | Phone]:
        """Who was imported."""
        return self._imported.get(meeting_id, {}).keys()

    def unknown(self, meeting_id: str, ids: Iterable[int]) -> list[int]:
        """Those of the ids that no registration of the meeting has."""
        there = self._registered.get(meeting_id, {})
        return [number for number in ids if number not in there]

    def decide(self, meeting_id: str, ids: Iterable[int], status: Enrolled) -> None:
        """Give registrations that exist a new state."""
        there = self._registered[meeting_id]
        for number in ids:
            there[number] = evolve(there[number], status=status)

    def remove(self, meeting_id: str, ids: Iterable[int]) -> None:
        """Forget registrations that exist."""
        for number in ids:
            gone = self._registered[meeting_id].pop(number)
            if gone.imported:
                self._imported[meeting_id].pop(gone.userid or gone.phone or "")

    def _check_open(self, meeting_id: str, config: Config, now: float) -> None:
        deadline, capacity = config.values.get("enroll_deadline"), config.values.get("enroll_number")
        if deadline is not None and now >= int(deadline):
            raise ValueError("meeting_id: the deadline of registration has passed")
        if capacity is not None and len(self.of(meeting_id)) >= capacity:
            raise ValueError(f"meeting_id: all {capacity} places are taken")

    def _add(self, meeting_id: str, *, userid: str | None, phone: Phone | None = None, **rest: Any) -> Registration:
        number = next(self._ids)
        # Somebody without a name of their own is as many people as registrations.
        who = userid or phone or f"registration {number}"
        registration = Registration(
            id=number,
            userid=userid,
            phone=phone,
            code=f"{self._rng.randrange(10**7):07d}",
            ms_open_id=ms_open_id(meeting_id, who),
            **rest,
        )
        self._registered.setdefault(meeting_id, {})[number] = registration
        return registration


def _answered(questions: Sequence[Question], answers: Sequence[str | Sequence[str]]) -> Iterable[Answered]:
    if len(answers) > len(questions):
        raise ValueError(f"answers: {len(answers)} answers to {len(questions)} questions")
    for index, question in enumerate(questions):
        given = answers[index] if index < len(answers) else ()
        content = ((given,) if given else ()) if isinstance(given, str) else tuple(given)
        if problem := _wrong(question, content):
            raise ValueError(f"answers[{index}]: {problem}")
        yield Answered(question, content)


def _wrong(question: Question, content: tuple[str, ...]) -> str | None:
    if not content:
        return "this question must be answered" if question.required else None
    if len(content) > 1 and question.type != MULTIPLE:
        return "one answer is expected"
    if question.type != TEXT and (strange := [text for text in content if text not in question.options]):
        return f"{strange[0]!r} is none of the options {', '.join(map(repr, question.options))}"
    return None
