"""Audit logs (doc 1095/101634, 102924). Nobody has read their answers: they are empty, for who may ask."""

from typing import Any

from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter, administrator
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["audit", "list_admin_log", "list_user_log", "set_public_key", "super_administrator"]

audit: Chapter[Any] = Chapter("audit", by=administrator)


def super_administrator(asked: Asked, code: int) -> None:
    """The one who sets keys (doc 1095/102924); the code for others is not documented."""
    if asked.operator != asked.state.users.super_admin:
        raise Refused(code, f"{asked.operator!r} is not the super administrator")


@audit.does("set_public_key", by=super_administrator)
def set_public_key(asked: Asked, *, public_key: str, key_len: int, enc_type: int = 0, scene_type: int = 0) -> None:
    """It takes the place of the log's old one. That a missing `scene_type` is 0 is not documented."""
    asked.state.audit_keys[scene_type] = public_key


@audit.does("list_admin_log", pages=True, acting="operator_id")
def list_admin_log(
    asked: Asked, *, start_time: str = "", end_time: str = "", userid: str = "", event_code: str = ""
) -> None:
    """Administrators have the right to look."""


@audit.does("list_user_log")
def list_user_log(asked: Asked) -> None:
    """No parameter of it is documented: who asks is not looked at."""
