"""How many licences of Rooms the enterprise has, and uses."""

from tm_async.api.acting import ByUserId
from tm_async.api.shared import AK_SK
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Spec

__all__ = ["GetInventory", "GetRoomStatistics", "RoomInventory", "RoomStatistics"]


@answer
class RoomInventory(AnswerModel):
    """Licences of the older kinds."""

    normal_count: int | None = None
    normal_used_count: int | None = None
    normal_expired_count: int | None = None
    special_count: int | None = None
    """Dedicated devices."""
    special_used_count: int | None = None
    special_expired_count: int | None = None


@operation
class GetInventory(ByUserId, Operation[RoomInventory]):
    """Count the licences of the older kinds (doc 1095/55308).

    About to be withdrawn: use `get_account_statistics`.
    """

    spec = Spec("rooms.get_inventory", "GET /v1/rooms-inventory", modes=AK_SK)


@answer
class RoomStatistics(AnswerModel):
    """Licences of the newer kinds."""

    pro_count: int | None = None
    pro_used_count: int | None = None
    custom_used_count: int | None = None
    """Basic ones, of which no number is bought."""


@operation
class GetRoomStatistics(ByUserId, Operation[RoomStatistics]):
    """Count the licences by tier (doc 1095/94208)."""

    spec = Spec("rooms.get_account_statistics", "GET /v1/rooms-inventory/account-statistics", modes=AK_SK)
