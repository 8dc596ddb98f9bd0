"""Rules on text, at and just beyond each documented limit."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import meeting
from tm_async import FindMeeting, ValidationError
from tm_async.rules import text


def broken(**changes: object) -> list[str]:
    try:
        meeting(**changes)
    except ValidationError as error:
        return [violation.rule for violation in error.violations]
    return []


@pytest.mark.parametrize(
    ("subject", "sound"),
    [("", False), ("x", True), ("x" * 256, True), ("x" * 257, False), ("会" * 256, True), ("会" * 257, False),
     ("😀" * 128, True), ("😀" * 129, False), ("é" * 256, True)],
)  # fmt: skip
def test_subject_is_counted_as_documented(subject: str, sound: bool) -> None:
    assert broken(subject=subject) == ([] if sound else ["subject-length"])


@given(st.text(max_size=600))
def test_the_subject_rule_never_fails_itself(subject: str) -> None:
    assert bool(text.SUBJECT.holds(subject)) == (0 < text.subject_bytes(subject) <= 512)


@pytest.mark.parametrize(
    ("location", "sound"),
    [("", True), ("x" * 36, True), ("x" * 37, False), ("会" * 18, True), ("会" * 18 + "x", False), ("ｘ" * 19, False)],
)
def test_location_width(location: str, sound: bool) -> None:
    assert broken(location=location) == ([] if sound else ["location-width"])


@pytest.mark.parametrize("password", ["1234", "12345", "123456"])
def test_passwords(password: str) -> None:
    assert broken(password=password) == []


@pytest.mark.parametrize("password", ["", "123", "1234567", "12a4", "１２３４", "1234\n", " 1234"])
def test_bad_passwords(password: str) -> None:
    assert broken(password=password) == ["password-digits"]


def test_a_bad_password_is_not_shown() -> None:
    with pytest.raises(ValidationError) as caught:
        meeting(password="hunter2")
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(caught.value.violations)


@pytest.mark.parametrize(("host_key", "sound"), [("123456", True), ("12345", False), ("1234567", False), ("", False)])
def test_host_keys(host_key: str, sound: bool) -> None:
    assert broken(host_key=host_key, enable_host_key=True) == ([] if sound else ["host-key-digits"])


@pytest.mark.parametrize("name", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_time_zones(name: str) -> None:
    assert broken(time_zone=name) == []


@pytest.mark.parametrize("name", ["", "Shanghai", "Asia/Nowhere", "../etc/passwd", "/etc/passwd", "Asia", "中国"])
def test_names_that_are_no_time_zone(name: str) -> None:
    assert broken(time_zone=name) == ["time-zone-name"]


def test_without_a_zone_database_names_are_left_to_the_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    import zoneinfo

    def nothing(_: str) -> None:
        raise zoneinfo.ZoneInfoNotFoundError

    monkeypatch.setattr(zoneinfo, "ZoneInfo", nothing)
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    text._is_zone.cache_clear()
    text._has_zone_data.cache_clear()
    try:
        assert broken(time_zone="Asia/Nowhere") == []
    finally:
        text._is_zone.cache_clear()
        text._has_zone_data.cache_clear()


@pytest.mark.parametrize(
    "typed", ["806146667", " 806 146 667 ", "806\u00a0146\u2009667", "\u2068806\u200b146667\u2069"]
)
def test_meeting_codes_are_cleaned(typed: str) -> None:
    assert FindMeeting(meeting_code=typed, userid="tester").meeting_code == "806146667"


def test_a_meeting_code_with_dashes_of_any_kind() -> None:
    dashes = [one for one in map(chr, range(0x110000)) if unicodedata.category(one) == "Pd"]
    assert {"-", "‐", "–", "—", "－"} <= set(dashes)
    for dash in (*dashes, "\N{MINUS SIGN}"):
        assert FindMeeting(meeting_code=f"806{dash}146{dash}667", userid="tester").meeting_code == "806146667"


@pytest.mark.parametrize("typed", ["", "-", "80614666a", "会议号", None, 806146667])
def test_bad_meeting_codes(typed: object) -> None:
    with pytest.raises(ValidationError, match="meeting_code"):
        FindMeeting(meeting_code=typed, userid="tester")  # type: ignore[arg-type]
