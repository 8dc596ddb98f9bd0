"""Rules that many operations have, each with a limit of its own: lengths, counts, bounds.

The page of such a rule is its operation's, unless another one is named.
"""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE, Check, Rule, about
from tm_async.errors import Violation
from tm_async.rules.neutral import asks

__all__ = ["at_least", "between", "characters", "entries", "in_answers_only", "needed_with", "only_with", "utf8_bytes"]


def characters(most: int, *, least: int = 0, page: str | None = OWN_PAGE) -> Rule:
    """The rule of a text's length, every character counting 1."""
    return Rule(
        name="characters",
        holds=lambda text: least <= len(text) <= most,
        limit=(least, most) if least else most,
        actual=len,
        message=f"has {{actual}} characters, {f'allowed: {least} to' if least else 'at most'} {most}",
        message_zh=f"有 {{actual}} 个字符，{f'应为 {least} 至' if least else '最多'} {most} 个",
        page=page,
    )


def _size(text: str) -> int:
    return len(text.encode())


def utf8_bytes(most: int, *, page: str | None = OWN_PAGE) -> Rule:
    """The rule of a text's length in bytes of UTF-8."""
    return Rule(
        name="utf8-bytes",
        holds=lambda text: _size(text) <= most,
        limit=most,
        actual=_size,
        message="is {actual} bytes, at most {limit}",
        message_zh="长度为 {actual} 字节，最多 {limit} 字节",
        page=page,
    )


def entries(most: int, *, least: int = 0, page: str | None = OWN_PAGE) -> Rule:
    """The rule of a list's length."""
    return Rule(
        name="entries",
        holds=lambda items: least <= len(items) <= most,
        limit=(least, most) if least else most,
        actual=len,
        message=f"has {{actual}} entries, {f'allowed: {least} to' if least else 'at most'} {most}",
        message_zh=f"有 {{actual}} 项，{f'应为 {least} 至' if least else '最多'} {most} 项",
        page=page,
    )


def at_least(least: int, *, page: str | None = OWN_PAGE) -> Rule:
    """The rule of a number that has a lower bound only."""
    return Rule(
        name="at-least",
        holds=lambda number: number >= least,
        limit=least,
        actual=lambda number: number,
        message="must be at least {limit}, not {actual}",
        message_zh="至少为 {limit}，当前为 {actual}",
        page=page,
    )


def between(least: int, most: int, *, page: str | None = OWN_PAGE) -> Rule:
    """The rule of a number with two bounds."""
    return Rule(
        name="between",
        holds=lambda number: least <= number <= most,
        limit=(least, most),
        actual=lambda number: number,
        message="is {actual}; allowed: {limit[0]} to {limit[1]}",
        message_zh="为 {actual}；应为 {limit[0]} 至 {limit[1]}",
        page=page,
    )


def in_answers_only(value: int, *, page: str | None = OWN_PAGE) -> Rule:
    """The rule of a value that answers show, and requests do not take."""
    return Rule(
        name="in-answers-only",
        holds=lambda given: given != value,
        actual=int,
        message="must not be one that only answers have (given: {actual})",
        message_zh="不能为只出现在应答中的值（当前：{actual}）",
        page=page,
    )


def only_with(name: str, other: str, value: object) -> Check:
    """The rule of a field that has an effect only while another one has a value, according to the operation's page."""
    beside = f"{other}={_written(value)}"

    @about(name)
    def check(request: Any) -> Iterator[Violation]:
        if asks(getattr(request, name)) and getattr(request, other) != value:
            message, message_zh = f"has an effect only with {beside}", f"仅在 {beside} 时有效"
            yield Violation(name, f"only-with-{other}", message, message_zh, page=OWN_PAGE)

    check.__doc__ = f"`{name}` has an effect only with `{beside}`."
    return check


def needed_with(name: str, other: str, value: object) -> Check:
    """The rule of a field that is required while another one has a value, according to the operation's page."""
    beside = f"{other}={_written(value)}"

    @about(other)
    def check(request: Any) -> Iterator[Violation]:
        if getattr(request, name) is None and getattr(request, other) == value:
            message, message_zh = f"is required with {beside}", f"{beside} 时必填"
            yield Violation(name, f"needed-with-{other}", message, message_zh, page=OWN_PAGE)

    check.__doc__ = f"`{name}` is required with `{beside}`."
    return check


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
