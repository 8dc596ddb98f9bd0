"""An answer becomes a result or an error, decided by the body's `error_code`, never by the status alone."""

from typing import Any, NoReturn, TypeVar, cast

from tm_async.core.annotations import declared
from tm_async.core.classes import per_class
from tm_async.core.codec import Reader, reader
from tm_async.core.dates import read_date
from tm_async.core.exchange import RawAnswer, Request
from tm_async.core.jsonbytes import load
from tm_async.core.operation import Operation, Repeat, result_type
from tm_async.core.wire import is_array, is_object, whole_number
from tm_async.errors import ApiError, ForeignAnswer, Retry, UnreadableAnswer

__all__ = ["decode", "decode_json"]

ResultT = TypeVar("ResultT")

_DAY = 86_400.0
"""Seconds. No limit of the vendor's lasts longer (doc 1095/53875)."""


def decode(operation: Operation[ResultT], request: Request, raw: RawAnswer, *, again: bool = False) -> ResultT:
    """The operation's result. Raises `ApiError` or `UnreadableAnswer`, of it `ForeignAnswer` for another request's.

    `again`: an earlier attempt may have been carried out, so that "done already" can be its doing.
    """
    try:
        value: Any = decode_json(request, raw, envelope=operation.spec.envelope)
    except ApiError as error:
        if not (operation.counts_as_done_again if again else operation.counts_as_done)(error.code):
            raise
        return cast("ResultT", None)
    read = _reader(type(operation))
    if read is None:  # what may come with a success without output is of no interest, if it is no other call's
        _refuse_foreign(operation.mismatch(value), request, raw)
        return cast("ResultT", None)
    if value is None and _may_say_nothing(operation):
        value = {}
    if not is_object(value):
        _unreadable("the body should be a JSON object", request, raw)
    member = operation.spec.pick
    if member is not None:
        value = _first(value.get(member), {} if _may_say_nothing(operation) else None)
        if not is_object(value):
            _unreadable(f"the body has no {member}", request, raw)
    needed = operation.spec.needs
    if needed is not None and value.get(needed) in (None, "", 0):
        _unreadable(f"the answer has no {needed}", request, raw)
    _refuse_foreign(operation.mismatch(value), request, raw)
    result: ResultT = read(value)
    return result


def _first(found: object, otherwise: object) -> Any:
    """Of a list, or what some gateways write in the place of a list of one."""
    if is_array(found) and found:
        return found[0]
    return found if is_object(found) else otherwise


def _may_say_nothing(operation: Operation[Any]) -> bool:
    """Whether a success without a word is clear: of a change it is; a new thing or an answer would be missing."""
    return operation.spec.method != "GET" and operation.spec.repeat is Repeat.SAFE


@per_class
def _reader(operation: type[Any]) -> Reader | None:
    """What reads the result; `None` where there is no output."""
    wanted = result_type(operation)
    return None if wanted is type(None) else reader(declared(wanted))


def decode_json(request: Request, raw: RawAnswer, *, envelope: bool = False) -> Any:
    """The JSON of a successful answer; `None` for an empty body, which the vendor documents as success.

    `envelope`: it comes in that of OAuth2, where `code` tells success, whatever the status.
    """
    success = 200 <= raw.status < 300
    if not raw.body.strip():
        if success:
            return None
        _unreadable("the error has no body", request, raw)
    value = _parsed(raw.body)
    if value is _NO_JSON:
        _unreadable("the body is not JSON", request, raw)
    info = _error_info(value, flat=envelope or not success) if is_object(value) else None
    if info and not (success and whole_number(info.get("error_code")) == 0):
        _refused(info, request, raw)
    if not success:
        _unreadable("the error has no error_info", request, raw)
    return value


def _error_info(value: dict[str, Any], *, flat: bool) -> dict[str, Any] | None:
    """What a body says of an error: in `error_info`, where all pages have it, or beside everything else.

    `flat`: maybe in `code` and `message`, which is the form of the OAuth2 endpoints. `meeting_control.set_asr` has
    these two members in a success as well, and no page says which `code` is one, so there the status tells.
    """
    info = value.get("error_info")
    if is_object(info):
        return info
    if flat and isinstance(value.get("message"), str):
        value = {"error_code": value.get("code"), **value}
    code = value.get("error_code")
    return value if code is not None and whole_number(code) is not None else None


_NO_JSON: Any = object()


def _parsed(body: bytes) -> Any:
    """`_NO_JSON` for what is none; the error about that has the body in it, so it ends here."""
    try:
        return load(body)
    except (ValueError, RecursionError):
        return _NO_JSON


def _refused(info: dict[str, Any], request: Request, raw: RawAnswer) -> NoReturn:
    from tm_async.core.codes import look_up  # a client that is never refused needs no table of codes
    from tm_async.spec.codes import normalise

    code = whole_number(info.get("error_code"))
    new_code = whole_number(info.get("new_error_code"))
    known = code if code is not None else new_code
    if known is None:
        _unreadable("the error has no error_code", request, raw)
    known = normalise(known)
    error_type, retry, meaning = look_up(known, request.method, request.path or request.target.partition("?")[0])
    message = info.get("message")
    error = error_type(
        known,
        status=raw.status,
        message=message if isinstance(message, str) else "",
        new_code=new_code,
        trace_id=raw.trace_id,
        body=raw.body,
        operation=request.operation,
        meaning=meaning,
        retry=retry,
    )
    if error_type is ApiError and raw.status >= 500:
        # A code that no page lists, with a server's status: it may come from before or after the deed.
        error.outcome_unknown, error.retry = True, Retry.BACKOFF
    error.retry_after = _named_pause(raw)
    raise error


def _named_pause(raw: RawAnswer) -> float | None:
    """`Retry-After`, in seconds or as a date; a date is taken by the answer's own clock. A day at most counts."""
    named = raw.header(b"retry-after")
    if named is None:
        return None
    if named.isascii() and named.isdigit():
        return min(float(named[:9]), _DAY)
    try:
        until, now = (read_date(text or "") for text in (named, raw.header(b"date")))
        return min(max(0.0, (until - now).total_seconds()), _DAY)
    except (ValueError, TypeError, OverflowError):
        return None


def _refuse_foreign(mismatch: str | None, request: Request, raw: RawAnswer) -> None:
    if mismatch is not None:
        _unreadable(f"the answer belongs to another request: {mismatch}", request, raw, ForeignAnswer)


def _unreadable(
    problem: str, request: Request, raw: RawAnswer, kind: type[UnreadableAnswer] = UnreadableAnswer
) -> NoReturn:
    error = kind(problem, status=raw.status, trace_id=raw.trace_id, body=raw.body, operation=request.operation)
    error.retry_after = _named_pause(raw)
    raise error from None
