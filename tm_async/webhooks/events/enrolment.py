"""Enrolments of meetings and webinars."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.spec import copy, named, page

__all__ = ["EnrollAnswer", "EnrollInfo", "EnrollmentCanceled", "EnrollmentMade"]


@answer
class EnrollAnswer(AnswerModel):
    """An answer to one of the questions of the form."""

    question_id: int | None = None
    question_content: str = ""
    answer_type: int | None = None
    is_required: int | None = None
    answer_content: tuple[str, ...] = ()


@answer
class EnrollInfo(AnswerModel):
    """The enrolment. There is no `meeting_info`."""

    meeting_id: str = ""
    enroll_id: int | None = None
    answer_list: tuple[EnrollAnswer, ...] = ()
    """When somebody enrols."""


_NO_ENROLMENT = EnrollInfo.from_wire({})


@answer
class EnrollmentMade(Event):
    """Somebody enrolled."""

    spec = named("enroll.enroll", copy("2021-11"))

    enroll_info: EnrollInfo = _NO_ENROLMENT


@answer
class EnrollmentCanceled(Event):
    """Somebody cancelled an enrolment, of a meeting or a webinar."""

    spec = named("enroll.cancel", page("1095/62026", "2024-07"), copy("2021-11"))

    enroll_info: EnrollInfo = _NO_ENROLMENT
