"""The STS token of the environment, for calls on sensitive data."""

from tm_async.cli.results.result import message_of
from tm_async.cli.words import spoken
from tm_async.client.client import NEEDS_STS, TencentMeeting
from tm_async.config import variables
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError, TencentMeetingError

__all__ = ["token_of_environment", "told", "use_token_of_environment"]

NEEDS_VARIABLE = "an app that was made on 2026-01-16 or later needs an STS token here: set TENCENT_MEETING_STS_TOKEN"


def token_of_environment() -> SecretText | None:
    """`TENCENT_MEETING_STS_TOKEN`, if it is set. Raises `ConfigurationError` for what no header takes."""
    token: SecretText | None = variables(None, "STS_TOKEN").get("STS_TOKEN")
    if token is not None and not (token.isascii() and token.isprintable()):
        raise ConfigurationError(spoken("TENCENT_MEETING_STS_TOKEN must be printable ASCII, as a header is"))
    return token


def use_token_of_environment(tm: TencentMeeting) -> None:
    """Have the client's calls take their token from there, if there is one. Raises `ConfigurationError`."""
    token = token_of_environment()
    if token is not None:

        async def given() -> str:
            return token

        tm.use_sts_tokens(given)


def told(error: TencentMeetingError, how: str | None = None) -> str:
    """An error's words; where a token may be lacking, how a command is given one, by default by the variable."""
    return message_of(error).replace(NEEDS_STS, how or spoken(NEEDS_VARIABLE))
