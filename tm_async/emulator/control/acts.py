"""The controls for enrolment, waiting rooms, personal meetings and seeded answers, over HTTP."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from attrs import asdict

from tm_async.emulator.chapters.meetings.enrolment import Registration
from tm_async.emulator.chapters.meetings.stage import Stage

__all__ = ["STAGE_INDEX", "stage_acts"]

STAGE_INDEX = {
    "POST /_emulator/enrolments": 'somebody registers: {"meeting_id": "1", "userid": "alice", "answers": ["yes"]}',
    "POST /_emulator/waiting": 'somebody enters the waiting room: {"meeting_id": "1", "userid": "alice"}',
    "DELETE /_emulator/waiting": 'somebody leaves the waiting room: {"meeting_id": "1", "userid": "alice"}',
    "POST /_emulator/personal-meetings": 'a meeting of a personal meeting number: {"userid": "alice"}',
    "POST /_emulator/answers": (
        'what cannot be known: {"operation": "meetings.get_quality", "meeting_id": "1", "answer": {"quality": 1}}'
    ),
}


def stage_acts(stage: Stage) -> list[tuple[str, str, Callable[[Any], object]]]:
    """Path, method and act: from the JSON of a request to that of its answer; `ValueError` names the field."""

    def enrol(body: Any) -> object:
        given = _members(body, {"meeting_id": str}, {"userid": str, "nick_name": str, "answers": list})
        for index, answer in enumerate(given.get("answers", ())):
            if not _is_text_or_texts(answer):
                raise ValueError(f"answers[{index}]: must be a text or a list of texts")
        return _registration(stage.enrol(**given))

    def wait(body: Any) -> object:
        optional = {"userid": str, "name": str, "instanceid": int, "customer_data": str}
        return asdict(stage.wait(**_members(body, {"meeting_id": str}, optional)))

    def stop_waiting(body: Any) -> object:
        stage.stop_waiting(**_members(body, {"meeting_id": str, "userid": str}, {}))
        return {}

    def add_personal_meeting(body: Any) -> object:
        meeting = stage.add_personal_meeting(
            **_members(body, {"userid": str}, {"subject": str, "start": int, "end": int})
        )
        return {"meeting_id": meeting.id, "meeting_code": meeting.code}

    def seed_answer(body: Any) -> object:
        required = {"operation": str, "meeting_id": str, "answer": dict}
        stage.seed_answer(**_members(body, required, {"sub_meeting_id": str}))
        return {}

    return [
        ("/_emulator/enrolments", "POST", enrol),
        ("/_emulator/waiting", "POST", wait),
        ("/_emulator/waiting", "DELETE", stop_waiting),
        ("/_emulator/personal-meetings", "POST", add_personal_meeting),
        ("/_emulator/answers", "POST", seed_answer),
    ]


def _members(body: Any, required: Mapping[str, type], optional: Mapping[str, type]) -> dict[str, Any]:
    """The members of a body, each known and of its type. A null is as good as absent."""
    if not isinstance(body, dict):
        raise ValueError("body: a JSON object is expected")  # noqa: TRY004 - answered as bad input
    kinds = {**required, **optional}
    given = {name: value for name, value in cast("dict[str, Any]", body).items() if value is not None}
    for name, value in given.items():
        if name not in kinds:
            raise ValueError(f"{name}: unknown, the members are {', '.join(kinds)}")
        if type(value) is not kinds[name]:
            raise ValueError(f"{name}: must be of type {kinds[name].__name__}")
    for name in required:
        if name not in given:
            raise ValueError(f"{name}: is missing")
    return given


def _is_text_or_texts(answer: object) -> bool:
    if isinstance(answer, list):
        return all(isinstance(item, str) for item in cast("list[object]", answer))
    return isinstance(answer, str)


def _registration(registration: Registration) -> dict[str, object]:
    plain = ("id", "userid", "nick_name", "time", "ms_open_id")
    return {**{name: getattr(registration, name) for name in plain}, "status": registration.status.name.lower()}
