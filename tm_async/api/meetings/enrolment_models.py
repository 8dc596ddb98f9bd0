"""What enrolment is made of: questions, the settings of the page, people to import, and enrolments as answered."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from attrs import field, frozen

from tm_async import rules
from tm_async.api.shared import ShownUserId, UserId
from tm_async.core.annotations import Converted
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, part
from tm_async.core.wire import Base64Text, OpenIntEnum, SecondsText, masked
from tm_async.rules import enrolment
from tm_async.rules.limits import characters, entries

__all__ = [
    "ApproveType",
    "EnrollAction",
    "EnrollConfig",
    "EnrollConfigSaved",
    "EnrollIdMatch",
    "EnrollIdRef",
    "EnrollIdsFound",
    "EnrollNotice",
    "EnrollSorting",
    "EnrollSource",
    "EnrollStatus",
    "Enrollee",
    "Enrollment",
    "EnrollmentAnswer",
    "EnrollmentsDeleted",
    "EnrollmentsHandled",
    "EnrollmentsImported",
    "EnrollmentsPage",
    "ImportedEnrollment",
    "NoYes",
    "NumberDisplay",
    "Question",
    "QuestionInfo",
    "QuestionOption",
    "QuestionOptionInfo",
    "QuestionType",
    "SpecialQuestion",
]


class NoYes(OpenIntEnum):
    """`is_required`, `is_collect_question`: here the vendor counts no as 1 and yes as 2."""

    NO = 1
    YES = 2


class EnrollStatus(OpenIntEnum):
    """`status` of an enrolment."""

    ALL = 0
    """In requests only: no filter."""
    PENDING = 1
    REJECTED = 2
    APPROVED = 3


class EnrollAction(OpenIntEnum):
    """`action`: what is decided on enrolments."""

    RESET = 1
    """Undoes an approval: the enrolment is pending again."""
    REJECT = 2
    APPROVE = 3


class EnrollSource(OpenIntEnum):
    """`enroll_source_type`: where an enrolment came from."""

    USER = 1
    IMPORT = 2


class EnrollSorting(OpenIntEnum):
    """`sorting_rules`: which comes first where one account has several enrolments. The gateway's default is 1."""

    IMPORT_FIRST = 1
    USER_FIRST = 2


class ApproveType(OpenIntEnum):
    """`approve_type`. The gateway's default is automatic."""

    AUTOMATIC = 1
    MANUAL = 2


class NumberDisplay(OpenIntEnum):
    """`display_number_of_participants`: whether the page tells how many enrolled. The gateway's default is to show."""

    HIDE = 0
    SHOW = 1


class EnrollNotice(OpenIntEnum):
    """`enroll_push_type`: how people hear of the decision (doc 1095/64007). E-mail needs a question for the address.

    The sources disagree: the numbers here are those of that page and of the official SDKs, for request and answer. For
    the answer of `get_enroll_config` the page (doc 1095/64009) gives 1 official account, 2 SMS, 3 e-mail instead.
    """

    NONE = 0
    SMS = 1
    EMAIL_CHINESE = 2
    EMAIL_ENGLISH = 3
    EMAIL_BOTH = 4
    """In Chinese and English."""
    OFFICIAL_ACCOUNT = 5
    """The gateway's default."""


class QuestionType(OpenIntEnum):
    """`question_type`."""

    SINGLE_CHOICE = 1
    MULTIPLE_CHOICE = 2
    TEXT = 3


class SpecialQuestion(OpenIntEnum):
    """`special_type`: a question that the vendor words. 5 and 6 are known from the official Python SDK 1.0.10."""

    NONE = 1
    """A question of one's own."""
    MOBILE = 2
    EMAIL = 3
    NAME = 4
    ORGANISATION = 5
    ORGANISATION_SIZE = 6
    """The one preset that is a single choice; the others are text."""


# --- requests ----------------------------------------------------------------------------------------------------


@frozen(slots=False)
class QuestionOption:
    """One choice of a question. Its plain text can be given instead."""

    content: Annotated[str, characters(40)] | None = None
    """At most 40 characters."""


def _option(given: Any) -> Any:
    return QuestionOption(given) if isinstance(given, str) else given


if TYPE_CHECKING:
    AnyOption = str | QuestionOption
else:
    AnyOption = Annotated[QuestionOption, Converted(_option, takes=str | QuestionOption)]


@part
class Question(Part):
    """A question of the enrolment page (doc 1095/64007): one of your own, or a preset one named by `special_type`."""

    is_required: NoYes = NoYes.NO
    """Whether it must be answered; we send no unless told."""
    question_title: Annotated[str, characters(40)] | None = None
    """At most 40 characters. Not for a preset question."""
    question_type: QuestionType | None = None
    """Not for a preset question."""
    special_type: SpecialQuestion | None = None
    """A preset question; these come first on the page, whatever their place in the list."""
    option_list: Annotated[Collection[AnyOption], entries(8)] | None = None
    """At most 8 choices, as text or `QuestionOption`, in their order. Only for single and multiple choice."""

    checks: ClassVar = (
        enrolment.preset_question_is_bare,
        enrolment.own_question_is_complete,
        enrolment.options_for_choices,
    )


@part
class Enrollee(Part):
    """Somebody to enrol (doc 1095/67898), named in one of three ways; of several `open_id` counts before `userid`
    before `phone_number`.
    """

    userid: UserId | None = None
    """A user of the enterprise (with OAuth2: of the app's enterprise)."""
    open_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """A user who allowed the app. Not with an enterprise's secret."""
    area: Annotated[str, rules.AREA] | None = None
    """Calling code in digits, `86`: without + or 00. Required where `phone_number` names the person."""
    phone_number: Annotated[str, rules.PHONE_NUMBER] | None = None
    nick_name: str | None = None
    """May differ from the name in the meeting."""

    checks: ClassVar = (enrolment.somebody_to_enrol, enrolment.area_with_phone)


@frozen(slots=False)
class EnrollIdRef:
    """An enrolment in a request that wants objects. Its plain id can be given instead."""

    enroll_id: int


# --- answers -----------------------------------------------------------------------------------------------------


@answer
class EnrollmentAnswer(AnswerModel):
    """What somebody answered to one question."""

    question_num: int | None = None
    """1, 2, 3 and so on."""
    question_title: str = ""
    question_type: QuestionType | None = None
    special_type: SpecialQuestion | None = None
    is_required: NoYes | None = None
    answer_content: tuple[str, ...] = ()
    """One item for text and single choice, maybe several for multiple choice."""


@answer
class Enrollment(AnswerModel):
    """Somebody's enrolment."""

    enroll_id: int | None = None
    """Unique within the meeting."""
    status: EnrollStatus | None = None
    enroll_source_type: EnrollSource | None = None
    enroll_time: str = ""
    """China time as text, no UNIX time; its form is not documented."""
    nick_name: str = ""
    userid: str | None = None
    """Only of people in the creator's enterprise, and not of those imported by phone number."""
    open_id: str | None = None
    """Only of people who allowed the app."""
    ms_open_id: str | None = None
    """The person's id in this one meeting; everybody has one."""
    enroll_code: str | None = field(default=None, repr=masked)
    """Lets a caller in by phone."""
    answer_list: tuple[EnrollmentAnswer, ...] = ()


@answer
class EnrollmentsPage(AnswerModel):
    """One page of a list of enrolments."""

    enroll_list: tuple[Enrollment, ...] = ()
    current_page: int | None = None
    current_size: int | None = None
    total_count: int | None = None
    """Of those that the filter lets through."""
    total_page: int | None = None


@answer
class EnrollmentsHandled(AnswerModel):
    """How many enrolments a decision reached."""

    meeting_id: str = ""
    handled_count: int | None = None


@answer
class QuestionOptionInfo(AnswerModel):
    """One choice of a question in an answer."""

    content: str = ""


@answer
class QuestionInfo(AnswerModel):
    """A question of the enrolment page in an answer."""

    question_title: str = ""
    question_type: QuestionType | None = None
    special_type: SpecialQuestion | None = None
    is_required: NoYes | None = None
    option_list: tuple[QuestionOptionInfo, ...] = ()


@answer
class EnrollConfig(AnswerModel):
    """The settings of a meeting's enrolment."""

    meeting_id: str = ""
    approve_type: ApproveType | None = None
    is_collect_question: NoYes | None = None
    question_list: tuple[QuestionInfo, ...] = ()
    """Preset questions first, then the others in their order."""
    no_registration_needed_for_staff: bool | None = None
    """Whether the creator's own enterprise comes in without enrolling; default false."""
    enroll_number: int | None = None
    """How many may enrol; by default as many as the meeting takes."""
    enroll_deadline: SecondsText | None = None
    """By default there is none; how the gateway writes that is not documented."""
    enroll_push_type: tuple[EnrollNotice, ...] = ()
    """The pages disagree on the numbers; see `EnrollNotice`."""
    display_number_of_participants: NumberDisplay | None = None
    enroll_description: str = ""
    cover_image: tuple[Base64Text, ...] = ()
    """URLs, on the wire in Base64."""


@answer
class EnrollConfigSaved(AnswerModel):
    """What a change of the settings answers."""

    meeting_id: str = ""
    question_count: int | None = None
    """0 while no questions are asked."""


@answer
class EnrollIdMatch(AnswerModel):
    """Who has which enrolment."""

    ms_open_id: str = ""
    enroll_id: int | None = None


@answer
class EnrollIdsFound(AnswerModel):
    """The enrolments of people in a meeting."""

    meeting_id: str = ""
    enroll_id_list: tuple[EnrollIdMatch, ...] = ()
    """Only of people who enrolled."""


@answer
class ImportedEnrollment(AnswerModel):
    """An enrolment that came about by import."""

    enroll_id: int | None = None
    userid: str | None = None
    open_id: str | None = None
    area: str | None = None
    phone_number: str | None = None
    nick_name: str = ""
    enroll_code: str | None = field(default=None, repr=masked)
    """Lets a caller in by phone."""


@answer
class EnrollmentsImported(AnswerModel):
    """What an import brought about."""

    total_count: int | None = None
    """How many were imported: people may have been left out."""
    enroll_list: tuple[ImportedEnrollment, ...] = ()
    user_non_registered: tuple[ShownUserId, ...] = ()
    """Ids that are not registered: they were left out, the others were imported."""


@answer
class EnrollmentsDeleted(AnswerModel):
    """What a deletion reached."""

    total_count: int | None = None
    """How many were deleted."""
