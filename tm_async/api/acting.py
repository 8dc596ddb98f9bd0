"""Who acts, where an id of no other kind than a userid is taken."""

from attrs import field

from tm_async.api.shared import OPERATOR_TYPE, ByOperator, OperatorType, UserId
from tm_async.core.declare import mixin

__all__ = ["ByUserId"]


@mixin
class ByUserId(ByOperator):
    """Who acts: `operator_id`, a userid."""

    operator_id: UserId
    """Who acts: a userid."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 (userid) only; follows from `operator_id`."""
