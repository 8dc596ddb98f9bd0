"""`Emulator.jsapi`: what the client and its pages do. A mistake is a `ValueError` that begins with its field."""

from tm_async.emulator.backend import Backend

__all__ = ["JsapiHandle"]


class JsapiHandle:
    """Opens pages for users, and takes the tickets of their scripts."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def open(self, userid: str) -> str:
        """Let a user open a page: the code that its scripts are given, for `jsapi.get_user`."""
        if userid not in self._backend.state.users:
            raise ValueError(f"userid: {userid!r} is not registered")
        return self._backend.state.pages.give("code", userid, self._backend.clock())

    def use(self, ticket: str) -> str:
        """Let a page's scripts use a ticket, which is then gone: whose it was."""
        userid = self._backend.state.pages.take("ticket", ticket, self._backend.clock())
        if userid is None:
            raise ValueError("ticket: it is not known, was used, or is too old")
        return userid
