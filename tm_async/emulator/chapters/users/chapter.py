"""The chapter "users", in which its modules say what its operations do."""

from tm_async.emulator.chapters.users.state import Users
from tm_async.emulator.kernel.chapter import Chapter, administrator

__all__ = ["users"]

users = Chapter("users", lambda state: state.users, Users, by=administrator, forbidden=500014, acting="operator_id")
