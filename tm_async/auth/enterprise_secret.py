"""Enterprise self-built apps: every request is signed with the app's secret ("AK/SK", doc 1095/58768)."""

import re
import time
from collections.abc import Callable, Mapping
from typing import NoReturn, Self

from attrs import field

from tm_async._util.arguments import check_function
from tm_async._util.values import frozen
from tm_async.auth.nonce import random_nonce
from tm_async.auth.protocol import require_mode
from tm_async.config import require_all, variables
from tm_async.core.exchange import AuthMode, Headers, Request
from tm_async.core.secret import hide, hides, plain, require_secret
from tm_async.core.signing import Key, sign, string_to_sign
from tm_async.errors import ApiError, ConfigurationError

__all__ = ["EnterpriseSecret"]

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+\Z")


def _take_in(secret_key: str) -> Key:
    return Key(require_secret("secret_key", hide(secret_key)))


@hides("secret_key", texts=("base_url",))
@frozen(kw_only=True)
class EnterpriseSecret:
    """Signs requests with the SecretId and SecretKey of an enterprise app.

    The key is taken in once and can't be read back from here; the object can't be pickled. Build it again, for
    example with `from_env()`, in every process. Raises `ConfigurationError` for unusable values.
    """

    app_id: str
    """The enterprise id, sent as `AppId`."""
    secret_id: str
    """Sent as `X-TC-Key`."""
    _key: Key = field(alias="secret_key", converter=_take_in, repr=False, eq=False)
    sdk_id: str | None = None
    """The app's id inside the enterprise. `None` or empty: none was assigned, and the header is left out."""
    base_url: str | None = field(default=None, repr=False)
    """The gateway that the app is for; a client goes there unless told otherwise. `None`: nothing in particular."""
    nonce: Callable[[], str] = field(default=random_nonce, repr=False, eq=False)
    _constant: tuple[tuple[str, str], ...] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        ids: dict[str, object] = {"app_id": self.app_id, "secret_id": self.secret_id}
        if self.sdk_id:
            ids["sdk_id"] = self.sdk_id
        for name, value in ids.items():
            if not isinstance(value, str) or not _HEADER_SAFE.match(value):
                raise ConfigurationError(f"{name} must be printable ASCII without spaces, and not empty")
        check_function("nonce", self.nonce, "a function that gives a text")
        sdk = (("SdkId", self.sdk_id),) if self.sdk_id else ()
        constant = (("AppId", self.app_id), *sdk, ("X-TC-Registered", "1"))
        object.__setattr__(self, "_constant", constant)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `TENCENT_MEETING_APP_ID`, `_SECRET_ID`, `_SECRET_KEY` and, if they are there, `_SDK_ID` and `_BASE_URL`.

        Raises `ConfigurationError` that names every missing variable.
        """
        found = variables(environ, "APP_ID", "SECRET_ID", "SECRET_KEY", "SDK_ID", "BASE_URL")
        del environ  # a traceback shows variables
        require_all(found, "APP_ID", "SECRET_ID", "SECRET_KEY")
        return cls(
            app_id=plain(found["APP_ID"]),
            secret_id=plain(found["SECRET_ID"]),
            secret_key=found["SECRET_KEY"],
            sdk_id=plain(found["SDK_ID"]) if "SDK_ID" in found else None,
            base_url=found.get("BASE_URL"),
        )

    async def authorize(self, request: Request, now: float) -> Headers:
        """The headers of one attempt, with this timestamp and a fresh nonce."""
        require_mode(request, AuthMode.ENTERPRISE)
        return self.headers(request, timestamp=str(int(now)), nonce=self.nonce())

    @property
    def counted_as(self) -> str:
        """The app."""
        return f"app {self.app_id} {self.sdk_id or ''}"

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        """A refused signature stays refused: the key does not change by itself."""
        return False

    def headers(self, request: Request, *, timestamp: str, nonce: str) -> Headers:
        """The headers for a given timestamp (UNIX seconds) and nonce: the pure part of `authorize`."""
        message = string_to_sign(request, secret_id=self.secret_id, nonce=nonce, timestamp=timestamp)
        return (
            ("X-TC-Key", self.secret_id),
            ("X-TC-Timestamp", timestamp),
            ("X-TC-Nonce", nonce),
            ("X-TC-Signature", sign(message, self._key)),
            *self._constant,
        )

    def explain(self, request: Request, *, timestamp: str | None = None, nonce: str | None = None) -> str:
        """The string that is signed, for comparing it with another tool's. It does not hold the key.

        Timestamp and nonce are fresh unless given. `TencentMeeting.prepare` turns an operation into a request.
        """
        timestamp = timestamp or str(int(time.time()))
        nonce = nonce or self.nonce()
        message = string_to_sign(request, secret_id=self.secret_id, nonce=nonce, timestamp=timestamp)
        return message.decode("utf-8", "backslashreplace")

    def __reduce__(self) -> NoReturn:
        raise TypeError("EnterpriseSecret holds a secret and can't be pickled; build it in each process (from_env)")
