"""Audit logs (doc 1095/101634, 102924). Nobody has read their answers: they are empty, for who may ask."""

from typing import Any

from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter, administrator, super_administrator

__all__ = ["audit", "list_admin_log", "list_user_log", "set_public_key"]

audit: Chapter[Any] = Chapter("audit", by=administrator)


@audit.does("set_public_key", by=super_administrator)
def set_public_key(asked: Asked, *, public_key: str, key_len: int, enc_type: int = 0, scene_type: int = 0) -> None:
    """In the place of the log's old one. Neither the code for others is documented, nor that no `scene_type` is 0."""
    asked.state.audit_keys[scene_type] = public_key


@audit.does("list_admin_log", pages=True, acting="operator_id")
def list_admin_log(
    asked: Asked, *, start_time: str = "", end_time: str = "", userid: str = "", event_code: str = ""
) -> None:
    """Administrators have the right to look."""


@audit.does("list_user_log")
def list_user_log(asked: Asked) -> None:
    """No parameter of it is documented: who asks is not looked at."""
