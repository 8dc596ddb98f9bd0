"""Rules of the waiting room."""

from tm_async.core.rule import Rule

__all__ = ["WELCOME_TEXT"]

WELCOME_TEXT = Rule(
    name="welcome-text-length",
    holds=lambda text: len(text) <= 1000,
    limit=1000,
    actual=len,
    message="has {actual} characters, at most {limit}",
    message_zh="有 {actual} 个字符，最多 {limit} 个",
    page="1095/86896",
)
