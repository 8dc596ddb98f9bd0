"""What a handler is given and what it gives back."""

import json
from collections.abc import Mapping
from typing import Any, cast

from attrs import field, frozen

from tm_async.emulator.gateway.quotas import Quotas
from tm_async.emulator.kernel.identities import Identities
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.oauth.registry import Registry
from tm_async.emulator.state import State

__all__ = ["Answer", "Call"]


@frozen(kw_only=True)
class Call:
    """A call that passed the gateway."""

    operation: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = field(repr=False)
    now: float
    state: State
    quotas: Quotas | None
    registry: Registry
    people: Identities
    """How the caller names people."""
    open_id: str | None = None
    """Of the user who allowed the calling app in; `None` for the enterprise's own app (AK/SK)."""
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    """With names in lower case."""
    trace: str = ""
    """`X-Tc-Trace` of the answer."""

    @property
    def origin(self) -> str:
        """Where the caller reached the emulator."""
        return f"http://{self.headers.get('host', '')}"

    def json(self) -> dict[str, Any]:
        """The body as an object: 200005 when it is not JSON, 200006 when it is not an object."""
        try:
            value: object = json.loads(self.body)
        except ValueError as error:  # UnicodeDecodeError is one
            raise Refused(200005, f"the body is not JSON: {error}") from None
        except RecursionError:
            raise Refused(200005, "the body is nested too deeply") from None
        if not isinstance(value, dict):
            raise Refused(200006, f"the body is a JSON {type(value).__name__}, not an object")
        return cast("dict[str, Any]", value)


@frozen(kw_only=True)
class Answer:
    """A success."""

    value: Mapping[str, Any]
    """Its JSON."""
    committed: bool = False
    """Whether the state was changed."""
    ignored: tuple[str, ...] = ()
    """Members of the request that no document names."""
