"""The client, and what becomes of one call of it."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async.client.client import TencentMeeting as TencentMeeting

__getattr__, __dir__, __all__ = attach(__name__, {"client": ("TencentMeeting",)})
