"""The mechanism of rules: all violations at once, each with the path of its field."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import pytest
from attrs import frozen

from tests.conftest import meeting
from tm_async import Device, Guest, Settings, User, ValidationError
from tm_async.core.declare import operation
from tm_async.core.operation import Operation, Spec, result_type
from tm_async.core.validation import Rule, about, violations
from tm_async.errors import Violation

SHORT = Rule(
    name="short", holds=lambda text: len(text) < 3, limit=2, actual=len,
    message="is {actual} long, at most {limit}", message_zh="长度 {actual}，最多 {limit}", page="1095/1",
)  # fmt: skip


@frozen(slots=False)
class Inner:
    name: Annotated[str, SHORT]


@frozen(slots=False)
class Outer:
    required: Annotated[str, SHORT]
    flag: bool | None = None
    number: int | None = None
    when: datetime | None = None
    device: Device | None = None
    inner: Inner | None = None
    many: tuple[Inner, ...] | None = None
    mixed: tuple[str | Inner, ...] | None = None


def found(model: object) -> list[tuple[str, str]]:
    return [(v.field, v.rule) for v in violations(model)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"required": None}, [("required", "required")]),
        ({"required": "abc"}, [("required", "short")]),
        ({"required": 5}, [("required", "type")]),
        ({"flag": 1}, [("flag", "type")]),
        ({"number": True}, [("number", "type")]),
        ({"number": 1.5}, [("number", "type")]),
        ({"when": datetime(2026, 1, 1)}, [("when", "aware-datetime")]),  # noqa: DTZ001
        ({"when": "2026-01-01"}, [("when", "type")]),
        ({"when": datetime(2026, 1, 1, tzinfo=UTC)}, []),
        ({"when": datetime(9999, 12, 31, tzinfo=UTC)}, [("when", "moment")]),
        ({"when": datetime(1969, 12, 31, tzinfo=UTC)}, [("when", "moment")]),
        ({"required": "\ud800"}, [("required", "text")]),
        ({"required": "会"}, []),
        ({"required": ("ab",)}, [("required", "type")]),  # of a comma too much
        ({"device": "1"}, [("device", "type")]),
        ({"device": 1}, []),
        ({"device": 11}, [("device", "documented-value")]),
        ({"device": Device(11)}, []),
        ({"device": True}, [("device", "type")]),
        ({"inner": Inner("abc")}, [("inner.name", "short")]),
        ({"inner": "abc"}, [("inner", "type")]),
        ({"many": (Inner("a"), Inner("abc"), "x")}, [("many[1].name", "short"), ("many[2]", "type")]),
        ({"many": [Inner("a")]}, [("many", "type")]),
        ({"mixed": ("abc", Inner("abc"), 3)}, [("mixed[1].name", "short"), ("mixed[2]", "type")]),
    ],
)
def test_fields(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(Outer(**({"required": "ab"} | changes))) == expected


def test_a_violation_says_problem_limit_and_page() -> None:
    (violation,) = violations(Outer("abc"))
    assert violation == Violation("required", "short", "is 3 long, at most 2", "长度 3，最多 2", 2, "1095/1")
    assert str(violation) == "required: is 3 long, at most 2 (doc 1095/1)"


def _needs_name(model: Any) -> Iterator[Violation]:
    if model.name.startswith("x"):
        yield Violation("name", "no-x", "must not begin with x", "不能以 x 开头")


@operation
class Rename(Operation[None]):
    """Rename something."""

    spec = Spec("test.rename", "PUT /v1/things")
    name: str
    other: Annotated[str, SHORT] = "ok"
    checks: ClassVar = (_needs_name,)


def test_field_and_cross_field_violations_come_in_one_error() -> None:
    with pytest.raises(ValidationError) as caught:
        Rename(name="xyz", other="long")
    assert [(v.field, v.rule) for v in caught.value.violations] == [("other", "short"), ("name", "no-x")]
    assert caught.value.operation == "test.rename"
    assert isinstance(caught.value, ValueError)
    assert "2 rules broken" in str(caught.value)


def test_a_cross_field_rule_is_silent_where_its_field_is_unsound() -> None:
    with pytest.raises(ValidationError) as caught:
        Rename(name=5)  # type: ignore[arg-type]
    assert [(v.field, v.rule) for v in caught.value.violations] == [("name", "type")]


def test_an_error_in_a_rule_itself_is_not_hidden() -> None:
    def broken(model: object) -> Iterator[Violation]:
        raise TypeError("a mistake of ours")
        yield

    @operation
    class Broken(Operation[None]):
        spec = Rename.spec
        checks: ClassVar = (broken,)

    with pytest.raises(TypeError, match="a mistake of ours"):
        Broken()


@pytest.mark.parametrize("other", ["ok", "long"], ids=["nothing else is wrong", "something else is"])
def test_a_rule_about_what_is_not_given_is_not_asked(other: str) -> None:
    asked: list[str] = []

    @about("end")
    def after(span: Any) -> Iterator[Violation]:
        asked.append(span.end)
        if span.end <= span.start:
            yield Violation("end", "after", "must be after start", "须晚于 start")

    @frozen(slots=False)
    class Span:
        start: str
        end: str | None = None
        other: Annotated[str, SHORT] = "ok"
        checks: ClassVar = (after,)

    wrong = [] if other == "ok" else [("other", "short")]
    assert found(Span("b", other=other)) == wrong
    assert asked == []
    assert found(Span("b", "c", other=other)) == wrong
    assert found(Span("b", "a", other=other)) == [*wrong, ("end", "after")]


def test_result_type() -> None:
    assert result_type(Rename) is type(None)
    with pytest.raises(TypeError, match="does not say"):
        result_type(Operation)


def test_everything_wrong_with_a_meeting_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        meeting(
            userid="1",
            subject="x" * 257,
            password="12a",
            host_key="12345",
            invitees=[*["a"] * 300, User("")],
            guests=[Guest(area="+86", phone_number="1")],
            settings=Settings(water_mark_type=1),
        )
    assert [(v.field, v.rule) for v in caught.value.violations] == [
        ("userid", "userid"),
        ("subject", "subject-length"),
        ("invitees[300].userid", "userid"),
        ("invitees", "invitees-count"),
        ("guests[0].area", "guest-area"),
        ("password", "password-digits"),
        ("host_key", "host-key-digits"),
        ("settings.water_mark_type", "watermark-type"),
        ("host_key", "host-key-switch"),
    ]
    assert all(v.message and v.message_zh for v in caught.value.violations)


def test_what_a_subclass_has_of_its_own_is_no_matter_of_rules() -> None:
    class Ours(Settings):
        pass

    ours = Ours(mute_enable_join=True)
    vars(ours)["worked_out"] = object()
    assert meeting(settings=ours).settings is ours
