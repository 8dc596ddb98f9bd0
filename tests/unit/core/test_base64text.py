"""Texts that are Base64, or are not: names of people, titles, summaries."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.core.base64text import read_base64


def b64(text: str) -> str:
    return b64encode(text.encode()).decode()


# --- one by itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *(
            "张三",
            "李四光",
            "欧阳娜娜",
            "喆",
            "周会",
            "1班",
            "3月例会",
            "Q3 周会",
            "张三(外部)",
            "王·小明",
            "会议，",
            "《道》",
        ),
        *("Bob", "A 1", "bob_01", "Bjørn", "ひらがな", "김철수", "Иван", "Hi😀", "👩\u200d💻", "tester", "aida", ""),
        *("张\u3000三", "zero\u200bwidth", "纪要\n一、预算", "one\r\n\ttwo", "soft\x0breturn", "Asia/Shanghai"),
    ],
)
def test_a_text_in_base64_is_decoded(text: str) -> None:
    assert read_base64([b64(text)]) == [text]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Meetings",
            "Weekly12",
            "Question",
            "List",
            "City",
            "User",
            "Back",
            "6666",
            "3600",
            "12345678",
            "Rita",
            "Zita",
        ),
        *("test", "张三", "Weekly sync", "a", "x=", "138****0000", "dGvzdDI=", "ab==="),
    ],
)
def test_a_plain_name_is_left_as_it_is(name: str) -> None:
    assert read_base64([name]) == [name]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=5))
def test_whatever_is_longer_than_a_word_is_decoded(text: str) -> None:
    encoded = b64(text)
    assert len(encoded) <= 12 or read_base64([encoded]) == [text]


@given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1)))
def test_chinese_names_are_decoded(names: list[str]) -> None:
    assert read_base64(map(b64, names)) == names


@given(st.lists(st.text()))
def test_nothing_fails_and_nothing_is_left_out(values: list[str]) -> None:
    assert len(read_base64(values)) == len(values)


# --- the rows of a list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (["Bob1", "李四"], ["Bob1", "李四"]),
        (["aida", "user", "bob"], ["aida", "user", "bob"]),
        ([b64("aida"), b64("李四"), ""], ["aida", "李四", ""]),
        ([b64("test2"), "dGvzdDI="], ["test2", "dGvzdDI="]),  # a slip of the vendor's sample
        ([b64("aida"), "dBVzdDE="], ["aida", "dBVzdDE="]),
        (["aida", "x="], ["aida", "x="]),
        ([b64("test2"), b64("a\x01b"), b64("李四")], ["test2", b64("a\x01b"), "李四"]),
        (["aida", b64("a\x01b")], ["aida", b64("a\x01b")]),  # a name of four letters may look like that
        ([b64("张三"), "138****0000", b64("Bob"), ""], ["张三", "138****0000", "Bob", ""]),
        (["VERY"], ["TDX"]),
        (["张三", "VERY"], ["张三", "VERY"]),
        (["张三", "Rita", b64("Bob")], ["张三", "Rita", b64("Bob")]),  # which may be a name
        ([b64("示例"), "tester"], ["示例", "tester"]),  # in one list of a sample
        ([b64("张三"), "138****0000", "李四", ""], ["张三", "138****0000", "李四", ""]),
        ([b64("test2"), "李四", "王五"], ["test2", "李四", "王五"]),
        ([b64("张"), "tester", "李四"], [b64("张"), "tester", "李四"]),  # one character: it may be a name
        ([], []),
    ],
)
def test_they_are_base64_where_more_surely_are_than_can_not_be(names: list[str], read: list[str]) -> None:
    assert read_base64(names) == read
