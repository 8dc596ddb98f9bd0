"""The audit logs of an enterprise: what administrators did, and what members did.

AK/SK and apps of the whole enterprise only; 100 calls a minute. Logs come encrypted with the enterprise's public key
(RSA with PKCS1 padding). Nobody has read their answers: `wire` has what came, and `LogKey` decrypts its texts.
"""

from typing import Annotated, ClassVar

from attrs import field

from tm_async import rules
from tm_async.api.shared import AK_SK, OPERATOR_TYPE, ByOperator, OperatorType, UserId
from tm_async.api.unread import Unread
from tm_async.core.declare import mixin, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.validation import Check
from tm_async.core.wire import OpenIntEnum, SecondsText
from tm_async.rules import lists

__all__ = ["EncryptionType", "KeyLength", "ListAdminLog", "ListUserLog", "LogKind", "SetPublicKey"]


class EncryptionType(OpenIntEnum):
    """`enc_type`."""

    RSA_PKCS1 = 0


class KeyLength(OpenIntEnum):
    """`key_len`, in bits."""

    BITS_1024 = 1024
    BITS_2048 = 2048


class LogKind(OpenIntEnum):
    """`scene_type`: which log a key is for."""

    ADMINISTRATORS = 0
    MEMBERS = 1


@operation
class SetPublicKey(Operation[None]):
    """Set the key that a log is encrypted with (doc 1095/101634). The super administrator may; the old one is gone."""

    spec = Spec("audit.set_public_key", "PUT /v1/encryption/public-key", modes=AK_SK)

    userid: UserId
    """The super administrator."""
    public_key: Annotated[str, rules.NOT_EMPTY]
    """As text, such as `LogKey.public_key`; its form is not documented."""
    key_len: KeyLength
    """Of this very key, such as `LogKey.key_len`."""
    enc_type: EncryptionType | None = None
    """0, which is the gateway's default."""
    scene_type: LogKind | None = None


@mixin
class _Log(ByOperator):
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """The page names 1 (userid) only."""
    start_time: SecondsText | None = None
    """From then on. How far back and how wide is not documented."""
    end_time: SecondsText | None = None
    """Until then."""
    userid: UserId | None = None
    """What this one did only."""
    event_code: Annotated[str, rules.NOT_EMPTY] | None = None
    """Events of this kind only."""
    page: Annotated[int, lists.page_up_to(2000)] | None = None
    """From 1 to 2,000; the gateway's default is 1."""
    page_size: Annotated[int, lists.page_size(1000, least=50)] | None = None
    """50 to 1,000."""

    checks: ClassVar[tuple[Check, ...]] = (lists.end_not_before_start,)


@operation
class ListAdminLog(_Log, Operation[Unread]):
    """Get one page of what administrators did, encrypted (doc 1095/101634).

    Who asks needs the right to look at it. That times are in seconds is said by one source only.
    """

    spec = Spec("audit.list_admin_log", "GET /v1/log/admin-log", modes=AK_SK)


@operation
class ListUserLog(_Log, Operation[Unread]):
    """Get one page of what members did, encrypted (doc 1095/102924).

    Nobody has read its parameters: these are those of `list_admin_log`, its twin, which is an assumption.
    """

    spec = Spec("audit.list_user_log", "GET /v1/log/user-log", modes=AK_SK)
