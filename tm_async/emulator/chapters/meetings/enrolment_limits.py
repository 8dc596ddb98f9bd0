"""The rules of enrolment that are no limits of single values (vendor's Python SDK 1.0.10 and Java SDK 1.0.12).

As with a new meeting, every check says in words what is wrong; 190004 is presumed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings.limits import phone_problems

__all__ = ["IMPORTED", "config_problems", "import_problems"]

IMPORTED = 4000  # in all, of an enterprise edition; 1000 of a business edition

_SECONDS = re.compile(r"[0-9]{1,10}")


def config_problems(body: Mapping[str, Any]) -> Iterator[str]:
    """What the settings of a registration page must not be, beside the limits of single values."""
    if not _SECONDS.fullmatch(body.get("enroll_deadline", "0")):
        yield "enroll_deadline must be a string of decimal seconds"
    if body.get("enroll_number", 0) < 0:
        yield "enroll_number is negative"
    for index, question in enumerate(body.get("question_list", ())):
        if question.get("special_type", 1) == 1:  # title, type and options of a preset question do not count
            yield from _question(question, f"question_list[{index}]")


def _question(question: Mapping[str, Any], where: str) -> Iterator[str]:
    for name in ("question_title", "question_type"):
        if not question.get(name):  # not documented; there would be nothing to ask
            yield f"{where}.{name} is missing"


def import_problems(people: Sequence[Mapping[str, Any]], *, open_ids: bool) -> Iterator[str]:
    """What is wrong about those to import; `open_ids` says whether the caller may use them."""
    if not people:  # not documented
        yield "enroll_list is empty"
    for index, person in enumerate(people):
        where = f"enroll_list[{index}]"
        if person.get("open_id") and not open_ids:
            yield f"{where}.open_id cannot be used with AK/SK"
        elif not (person.get("open_id") or person.get("userid")):
            yield from _phone(person, where)


def _phone(person: Mapping[str, Any], where: str) -> Iterator[str]:
    if not person.get("phone_number"):
        yield f"{where} needs one of open_id, userid and phone_number"
    elif not person.get("area"):
        yield f"{where}.area is missing, phone_number needs it"
    else:
        yield from phone_problems(person["area"], person["phone_number"], where)
