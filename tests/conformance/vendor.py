"""The vendor's own Python SDK as a second opinion: one input for an operation of ours, and what both send for it.

Nothing here reads our codec or our placement: an input is generated from the annotations of an operation's class, and
handed to the vendor's models by its names, in the vendor's types.
"""

import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from importlib import import_module
from io import BytesIO
from types import SimpleNamespace
from typing import Any, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs
import wemeet_openapi.service
from requests_toolbelt.multipart.decoder import MultipartDecoder
from wemeet_openapi import Client
from wemeet_openapi.core import constants, xhttp
from wemeet_openapi.core.authenticator import JWTAuthenticator
from wemeet_openapi.core.exception import ClientException

from tests.vectors import SECRET_ID, SECRET_KEY
from tm_async import EnterpriseSecret, Recurrence, ValidationError
from tm_async.api.layouts import AdvancedPage, AdvancedSeat, GridType, Polling, Seat, SeatUser, VideoType
from tm_async.api.meetings import NoYes, Question, QuestionType, SpecialQuestion, Weekday
from tm_async.api.recordings import ShareScope, Sharing, SharingAuth
from tm_async.core.annotations import Declared, declared, fields
from tm_async.core.exchange import Gateway
from tm_async.core.operation import Operation
from tm_async.core.prepare import prepare
from tm_async.core.validation import Rule
from tm_async.core.wire import In, TimeFormat
from tm_async.spec.catalogue import entry

AnyOperation = Operation[Any]

# --- one input ----------------------------------------------------------------------------------------------------

MINIMAL, FULL, OFF, EMPTIED = "minimal", "full", "full, switched off", "minimal, lists empty"
CASES = (MINIMAL, FULL, OFF, EMPTIED)

EPOCH = datetime.fromtimestamp(0, UTC)
START = datetime.fromtimestamp(2143245600, timezone(timedelta(hours=8)))

EXAMPLES: dict[type, list[Any]] = {
    Recurrence: [
        Recurrence.every_n_weeks(2, on=list(Weekday), count=9),
        Recurrence.daily(until=START + timedelta(days=30)),
    ],
    Question: [
        Question(
            is_required=NoYes.YES,
            question_title="哪一天?",
            question_type=QuestionType.SINGLE_CHOICE,
            special_type=SpecialQuestion.NONE,
            option_list=["周一", "周二"],
        ),
        Question(special_type=SpecialQuestion.EMAIL),
    ],
    Sharing: [
        Sharing(
            enable_sharing=True,
            share_scope=ShareScope.SAME_COMPANY,
            enable_password=True,
            password="ab12",
            enable_sharing_expire=True,
            sharing_expire=START,
            allow_download=True,
            allow_view_transcripts=True,
            sharing_auth_type=SharingAuth.SAME_COMPANY,
        ),
        Sharing(enable_approve=True, enable_password=False, allow_download=False),
    ],
    Seat: [
        Seat(grid_id="1", userid="userid", ms_open_id="ms_open_id", username="张三"),
        Seat(grid_id="2", grid_type=GridType.APP, tool_sdkid="tool"),
    ],
    AdvancedPage: [
        AdvancedPage(
            layout_template_id="1",
            user_seat_list=[
                AdvancedSeat(
                    grid_id="1",
                    video_type=VideoType.NAMED,
                    user_list=[SeatUser(userid="userid", ms_open_id="ms_open_id", username="zhangsan")],
                )
            ],
            enable_polling=True,
            polling_setting=Polling(polling_interval=7),
        ),
    ],
}
"""Models whose members exclude each other: between them, the examples set all."""


def build(operation: type[AnyOperation], case: str) -> AnyOperation:
    """An operation with its required members only, or with every member, and twice more: with all switches off, and
    with empty lists.

    What a rule refuses is repaired: a value gives way to the next, what the rule misses is added, and what means
    nothing beside a switch that is off is left out.
    """
    said, in_path = fields(operation), re.findall(r"{(\w+)}", operation.spec.path)
    chosen: dict[str, list[Any]] = {}
    for a in attrs.fields(operation):
        if _is_set(a, said[a.name], case):
            chosen[a.name] = [f"{a.name}-7"] if a.name in in_path else values(said[a.name], a.name, case)
    for _ in range(100):
        try:
            return operation(**{name: found[0] for name, found in chosen.items()})
        except ValidationError as error:
            for violation in error.violations:
                _repair(chosen, violation.field, said, case)
    raise AssertionError(f"no rule of {operation.__name__} should be this hard to please: {chosen}")


def _repair(chosen: dict[str, list[Any]], path: str, said: Mapping[str, Declared], case: str) -> None:
    name, _, inner = path.replace("[", ".[").partition(".")
    if name not in chosen:
        chosen[name] = values(said[name], name, case)
    elif case == OFF and inner.isidentifier():
        chosen[name] = [attrs.evolve(value, **{inner: None}) for value in chosen[name]]
    elif len(chosen[name]) > 1:
        chosen[name].pop(0)
    elif case in (OFF, FULL):
        del chosen[name]  # it excludes another one


def values(said: Declared, name: str, case: str, nth: int = 0) -> list[Any]:
    """Values of an annotation that keep its rules, the preferred one first; another `nth`, others."""
    if said.note(TimeFormat):
        return [START + timedelta(hours=any(word in name for word in ("end", "until", "deadline")))]
    rules = [note for note in said.notes if isinstance(note, Rule)]
    found = [value for option in said.options for value in values(option, name, case, nth)]
    return [
        value
        for value in (found if said.options else _values(said, name, case, nth))
        if all(rule.holds(value) for rule in rules)
    ]


def _values(said: Declared, name: str, case: str, nth: int) -> list[Any]:
    tp = said.tp
    if said.items is not None:
        filled = [_items(said.items, name, style) for style in dict.fromkeys((case, FULL))]
        filled += [items[:1] for items in filled]  # some lists take one entry only
        return [(), *filled] if case == EMPTIED else filled
    if tp in EXAMPLES:
        return EXAMPLES[tp][:: -1 if case == OFF else 1]
    if attrs.has(tp):
        return [_model(tp, style, nth) for style in dict.fromkeys((case, FULL))]
    if issubclass(tp, Enum):
        return list(tp)[:: 1 if case == OFF else -1][nth:]
    return _scalars(tp, name, case, nth)


def _scalars(tp: type, name: str, case: str, nth: int) -> list[Any]:
    number = sum(map(ord, name)) % 89 + 2 + nth  # members of the same type differ, so that a mix-up shows
    if tp is bool:
        return [False] if case == OFF else [True, False]
    if tp is int:
        return [number, *range(1, 2001)]
    if tp is float:
        return [number + 0.5]
    if tp is bytes:
        return [name.encode()]
    more = f" {nth}" if nth else ""
    return [
        *_NAMED.get(name, ())[nth:],
        f"{name} 张+/=&?%41{more}",
        f"{name}{more}",
        str(806146667 + nth),
        str(135790 + nth),
        "86",
        "Asia/Shanghai",
    ]


_NAMED = {
    "file_name": ("录音 1.ogg",),
    "customize_words": ("周会", "weekly sync"),
    "toolbar_sdkid": ("tool_sdkid 张+/=&?%41",),
}
"""Texts of a form that nothing else has, or that stand elsewhere in the request, too."""


def _items(said: Declared, name: str, case: str) -> tuple[Any, ...]:
    """Two items, or one of each alternative. A plain id is one that the field "userid" has, too: hosts demand it."""
    if said.tp in EXAMPLES:
        return tuple(EXAMPLES[said.tp])
    kinds = said.options or (said, said)
    name = "userid" if said.model else name
    return tuple(values(kind, name, case, nth)[0] for nth, kind in enumerate(kinds))


def _model(cls: type[Any], case: str, nth: int) -> Any:
    said = fields(cls)
    wanted = [a.name for a in attrs.fields(cls) if _is_set(a, said[a.name], case)]
    return cls(**{name: values(said[name], name, case, nth)[0] for name in wanted})


def _is_set(field: Any, said: Declared, case: str) -> bool:
    """What is never sent is given only where it must be."""
    if not field.init or field.default is attrs.NOTHING:
        return bool(field.init)
    emptied = case == EMPTIED and said.items is not None
    return In.NOWHERE not in said.notes and (case in (FULL, OFF) or emptied)


# --- what both send -----------------------------------------------------------------------------------------------

AUTH = EnterpriseSecret(app_id="211153201", sdk_id="28370276340", secret_id=SECRET_ID, secret_key=SECRET_KEY)
GATEWAY = Gateway("https://api.meeting.qq.com")

PER_CALL = ("X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature")


@attrs.frozen(kw_only=True)
class Wire:
    """A request as a gateway sees it."""

    method: str
    path: str
    """Percent-encoded, as on the request line."""
    query: dict[str, tuple[str, ...]]
    """Every value of a name, decoded."""
    body: Any
    """The JSON, or the members of a form; `None`: there is no body."""
    media_type: str
    headers: dict[str, str]
    """The vendor's own headers; of those that differ with every call only that they are there."""

    @classmethod
    def read(cls, method: str, target: str, body: Any, headers: Iterable[tuple[str, str]]) -> "Wire":
        parts, lines = urlsplit(target), dict(headers)
        query: dict[str, tuple[str, ...]] = {}
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            query[name] = tuple(sorted((*query.get(name, ()), value)))
        return cls(
            method=method,
            path=parts.path,
            query=query,
            body=members(body, lines["Content-Type"]) if body else None,
            media_type=lines["Content-Type"].partition(";")[0].strip(),
            headers={
                name: "" if name in PER_CALL else value
                for name, value in lines.items()
                if name.startswith("X-TC-") or name in ("AppId", "SdkId")
            },
        )


def members(body: Any, media_type: str) -> Any:
    """What a body holds: text and files of a form, whatever the files are called."""
    if not media_type.startswith("multipart/"):
        return json.loads(body)
    whole = body if isinstance(body, bytes) else body.to_string()
    found: dict[str, Any] = {}
    for part in MultipartDecoder(whole, media_type).parts:
        (name,) = re.findall(r'[ ;]name="([^"]*)"', part.headers[b"Content-Disposition"].decode())
        found[name] = part.content if b"Content-Type" in part.headers else part.text
    return found


def ours(operation: AnyOperation) -> Wire:
    """What we send."""
    request = prepare(operation, GATEWAY)
    headers = AUTH.headers(request, timestamp="1760000001", nonce="1001")
    return Wire.read(request.method, request.target, request.body, (*request.headers, *headers))


@attrs.frozen(kw_only=True)
class Counterpart:
    """A call of the vendor's SDK."""

    api: Any
    """The class of its group. The vendor's client has most of these; that of phones it lacks."""
    call: str
    request: Any
    """The class of its argument."""
    model: Any
    """The class of its body; `None`: it takes none."""


@cache
def counterparts() -> Mapping[tuple[str, str], Counterpart]:
    """Every call of the vendor's SDK by method and path, the names of its placeholders left out."""
    found = {}
    for module in pkgutil.iter_modules(wemeet_openapi.service.__path__):
        api = import_module(f"wemeet_openapi.service.{module.name}.api")
        (group,) = (value for name, value in vars(api).items() if re.fullmatch("[A-Z][A-Za-z]*Api", name))
        for name, call in inspect.getmembers(group, inspect.isfunction):
            said = re.search(r"\[(/\S+) - ([A-Z]+)\]", call.__doc__ or "")
            if said:
                request = get_type_hints(call)["request"]
                body = declared(get_type_hints(request.__init__).get("body", object)).tp
                found[said[2], unnamed(said[1])] = Counterpart(
                    api=group, call=name, request=request, model=None if body is object else body
                )
    return found


def unnamed(path: str) -> str:
    """A path template without the names of its placeholders: sources spell those in several ways."""
    return re.sub(r"{\w+}", "{}", path)


def counterpart(operation: type[AnyOperation]) -> Counterpart | None:
    """The vendor's call for what an operation is documented as."""
    documented = entry(operation.spec.catalogue_id)
    return counterparts().get((documented.method, unnamed(documented.path)))


class Demanded(Exception):
    """The vendor's SDK does not do without a member that ours left out."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


def theirs(operation: AnyOperation, demanded: Iterable[str] = ()) -> Wire:
    """What the vendor's SDK sends for the same members. What it demands besides is filled in, and out again."""
    twin = counterpart(type(operation))
    assert twin is not None
    documented = entry(operation.spec.catalogue_id)
    given = _timed(operation, [*documented.query, *documented.body])
    names = inspect.signature(twin.request).parameters
    arguments = {name: _as_text(value, name) for name, value in given.items() if name in names and value is not None}
    if twin.model:
        arguments["body"] = _as_model(twin.model, given, demanded, "")
    wire = sent_by_sdk(twin, arguments | {name: "demanded" for name in demanded if name in names})
    return attrs.evolve(wire, query={name: value for name, value in wire.query.items() if name not in demanded})


def _timed(model: Any, documented: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The members of a model, its moments as numbers of their documented unit."""
    known = {field["name"]: field for field in documented}
    given = {a.name: getattr(model, a.name) for a in attrs.fields(type(model))}
    for name, value in given.items():
        field = known.get(name, {})
        if isinstance(value, datetime):
            unit = timedelta(milliseconds=1) if field.get("unit") == "milliseconds" else timedelta(seconds=1)
            given[name] = (value - EPOCH) // unit
        elif attrs.has(type(value)) and any(one.get("unit") == "milliseconds" for one in field.get("fields", ())):
            given[name] = attrs.evolve(value, **_timed(value, field["fields"]))
    return given


def _as_model(model: Any, given: Mapping[str, Any], demanded: Iterable[str], prefix: str) -> Any:
    types, found = get_type_hints(model), {}
    for name, parameter in inspect.signature(model).parameters.items():
        if given.get(name) is not None:
            found[name] = _as_type(types[name], given[name], demanded, prefix + name)
        elif name in types and parameter.default is parameter.empty:
            if prefix + name not in demanded:
                raise Demanded(prefix + name)
            found[name] = None  # which is not sent
    return model(**found)


def _as_type(tp: Any, value: Any, demanded: Iterable[str], path: str) -> Any:
    """A value of ours in the type that the vendor's model wants."""
    tp = declared(tp).tp
    if get_origin(tp) is list:
        items = value if isinstance(value, tuple) else (value,)
        return [_as_type(get_args(tp)[0], item, demanded, f"{path}[]") for item in items]
    if tp is str:
        return _as_text(value, path)
    if tp is int and isinstance(value, datetime):
        return int(value.timestamp())
    if tp in (int, bool, float):
        return tp(value.value if isinstance(value, Enum) else value)
    # A user's id stands for the user.
    members = attrs.asdict(value, recurse=False) if attrs.has(type(value)) else {"userid": value}
    return _as_model(tp, members, demanded, f"{path}.")


def _as_text(value: Any, name: str) -> Any:
    if isinstance(value, bytes):
        file = BytesIO(value)
        file.name = name
        return file
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):  # a whole number needs no point
        return repr(value).removesuffix(".0")
    return str(value.value if isinstance(value, Enum) else value)


def call_sdk(
    twin: Counterpart, arguments: Mapping[str, Any], *, sdk_id: str | None = AUTH.sdk_id, answer: bytes = b"{}"
) -> Iterator[Wire]:
    """Make a call of the SDK: yields what goes out, and goes on to what the SDK makes of the answer."""
    requests: list[Any] = []

    def send(request: Any) -> Any:
        requests.append(request)
        return SimpleNamespace(status_code=200, headers={}, content=answer, close=lambda: None)

    session: Any = SimpleNamespace(send=send)
    http = xhttp.Client("api.meeting.qq.com", "https", session, constants.DEFAULT_SERIALIZER)
    client: Any = Client(app_id=AUTH.app_id, sdk_id=sdk_id, secret_id=SECRET_ID, secret_key=SECRET_KEY, clt=http)
    call: Callable[..., Any] = getattr(twin.api(client._Client__config), twin.call)
    failed: ClientException | None = None
    try:
        call(twin.request(**arguments), authenticator_options=[JWTAuthenticator().options_build()])  # a fresh one
    except ClientException as error:
        failed = error
    for request in requests:
        yield Wire.read(request.method, request.path_url, request.body, request.headers.items())
    if failed:
        raise failed


def sent_by_sdk(twin: Counterpart, arguments: Mapping[str, Any], *, sdk_id: str | None = AUTH.sdk_id) -> Wire:
    """What goes out. Raises `Demanded`, or `ClientException` where the SDK can't send."""
    try:
        return next(call_sdk(twin, arguments, sdk_id=sdk_id))
    except ClientException as error:
        missing = re.match(r"(\w+) is required and must be specified", str(error.e))
        raise Demanded(missing[1]) from None if missing else error


# --- how they differ ----------------------------------------------------------------------------------------------

Difference = tuple[str, str]
"""Member and kind."""


def differences(operation: AnyOperation) -> dict[Difference, str]:
    """In what the two requests for an operation differ, each with both sides."""
    found: dict[Difference, str] = {}
    demanded: list[str] = []
    while True:
        try:
            second = theirs(operation, demanded)
            break
        except Demanded as more:
            demanded.append(more.member)
            found[more.member, "demanded by the SDK"] = "not sent by us"
    first = ours(operation)
    if first.path != second.path and unquote(first.path) == unquote(second.path):
        found["paths are not escaped", "behaviour"] = f"ours {first.path!r}, the SDK's {second.path!r}"
        first = attrs.evolve(first, path=second.path)
    for name in ("method", "path", "media_type"):
        if getattr(first, name) != getattr(second, name):
            found[name, name] = f"ours {getattr(first, name)!r}, the SDK's {getattr(second, name)!r}"
    for part in ("headers", "query", "body"):
        found |= dict(_unequal(getattr(first, part), getattr(second, part), ""))
    return found


def _unequal(first: Any, second: Any, path: str) -> Iterator[tuple[Difference, str]]:
    if isinstance(first, dict) and isinstance(second, dict):
        for name in first | second:
            member = f"{path}.{name}" if path else name
            if name not in second:
                yield (member, "empty list" if first[name] == [] else "only ours"), f"{first[name]!r}"
            elif name not in first:
                yield (member, "only the SDK's"), f"{second[name]!r}"
            else:
                yield from _unequal(first[name], second[name], member)
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for one, other in zip(first, second, strict=True):
            yield from _unequal(one, other, f"{path}[]")
    elif type(first) is not type(second) or first != second:
        yield (path, "value"), f"ours {first!r}, the SDK's {second!r}"


def not_ours(operation: type[AnyOperation]) -> list[str]:
    """The members that the vendor's request has and our class has no place for."""
    twin = counterpart(operation)
    assert twin is not None
    members = dict.fromkeys(inspect.signature(twin.request).parameters)
    members.pop("body", None)
    own = _travelling(operation)
    found = [name for name in members if name not in own]
    return found + (list(_missing(operation, twin.model, "")) if twin.model else [])


def _travelling(cls: type) -> dict[str, Declared]:
    return {name: said for name, said in fields(cls).items() if In.NOWHERE not in said.notes}


def _missing(cls: type, model: Any, prefix: str) -> Iterator[str]:
    own, types = _travelling(cls), get_type_hints(model)
    for name in inspect.signature(model).parameters:
        if name not in types:
            continue  # the **kwargs that the models throw away
        path, said, tp = prefix + name, own.get(name), declared(types[name]).tp
        if said is None:
            yield path
            continue
        inner = said.items or said
        tp = get_args(tp)[0] if get_origin(tp) is list else tp
        if inner.model and isinstance(tp, type) and tp.__module__.startswith("wemeet_openapi"):
            yield from _missing(inner.model, tp, f"{path}{'[]' if said.items else ''}.")


def member_paths(cls: type, prefix: str = "") -> Iterator[str]:
    """Every member of a class that travels, those of its models after it."""
    for name, said in _travelling(cls).items():
        yield prefix + name
        if model := (said.items or said).model:
            yield from member_paths(model, f"{prefix}{name}.")


def set_paths(model: Any, prefix: str = "") -> Iterator[str]:
    """Every member that a value has set, as `member_paths` names them."""
    for name in _travelling(type(model)):
        value = getattr(model, name)
        if value is not None:
            yield prefix + name
            for item in value if isinstance(value, tuple) else (value,):
                if attrs.has(type(item)):
                    yield from set_paths(item, f"{prefix}{name}.")
