"""`Emulator.corp`: what an administrator does in the console.

A mistake is a `ValueError` that begins with its field.
"""

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.corp.state import Role
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["CorpHandle"]


class CorpHandle:
    """Makes roles."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def add_role(self, role_code: str, role_name: str, *, role_desc: str = "") -> Role:
        """Make a role, as no call can."""
        if not role_code:
            raise ValueError("role_code: must not be empty")
        try:
            return self._backend.state.roles.add(Role(role_code, role_name, role_desc))
        except Refused as refusal:
            raise ValueError(f"role_code: {refusal.reason}") from None
