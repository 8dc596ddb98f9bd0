"""Names that every file system takes."""

from unicodedata import category, is_normalized

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tm_async._util.filenames import LONGEST, fold, safe_name, safe_suffix

DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"}
DEVICES |= {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
anything = st.text() | st.from_regex(r"(?i)[ .]*(con|nul|lpt[1-9¹]|conin\$) *[./\x00-\x20a]*", fullmatch=True)
anything |= st.text("会👩\u200d ./\\é\u0301\ud800", min_size=60)


@given(anything, st.integers(16, LONGEST))
@example("..", 16)
@example("../../etc/passwd", 16)
@example("CON", 16)
@example("nul.tar.gz", 16)
@example("COM¹ .x", 16)
@example("名" * 100, LONGEST)
@example("a\x00b\x1b[2J\u202egpj.exe\n", LONGEST)
def test_a_safe_name(text: str, longest: int) -> None:
    name = safe_name(text, longest)
    assert 0 < len(name.encode()) <= longest
    assert not set(name) & set('<>:"/\\|?*')
    assert not [char for char in name if category(char) in {"Cc", "Cs", "Zl", "Zp"}]
    assert name == name.strip(" .")
    for whole in (name, f"{name}.mp4"):
        assert whole.partition(".")[0].rstrip(" ").casefold() not in DEVICES
    assert is_normalized("NFC", name)
    assert safe_name(name, longest) == name


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8))
def test_plain_names_stay(text: str) -> None:
    name = safe_name(f"{text} {text}")
    assert fold(name) == fold(f"{text} {text}")


def test_it_is_cut_at_a_character() -> None:
    assert safe_name("é" * 300, 17) == "é" * 8
    assert safe_name("会" * 100) == "会" * 66
    assert safe_name("a" * 15 + ". b", 16) == "a" * 15


@pytest.mark.parametrize(("said", "suffix"), [("MP4", "mp4"), ("", "txt"), ("../x", "x"), ("averylongone", "averylon")])
def test_suffixes_come_from_elsewhere_too(said: str, suffix: str) -> None:
    assert safe_suffix(said, "txt") == suffix
