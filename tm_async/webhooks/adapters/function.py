"""A plain function, for serverless platforms and frameworks without an adapter. Needs nothing."""

from collections.abc import Callable

from tm_async.errors import ConfigurationError
from tm_async.webhooks.adapters.answered import answered
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.receiving import Headers

__all__ = ["function"]

Function = Callable[[str, str | bytes, Headers, bytes], tuple[int, dict[str, str], bytes]]


def function(hooks: Webhooks) -> Function:
    """`status, headers, body = answer(method, query_string, headers, body)`, from any thread.

    The query string has to be the one on the request line: a platform that hands over decoded parameters only has made
    a space of each `+`. `hooks` must be `inline` or have an inbox, as a function may be frozen once it has answered.
    """
    if not hooks.keeps:
        raise ConfigurationError("a function may be frozen after its answer: give Webhooks inline=True or an inbox")

    def answer(
        method: str, query_string: str | bytes, headers: Headers, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        reply = answered(hooks.respond(method, query_string, headers, body))
        return reply.status, dict(reply.headers), reply.body

    return answer
