"""Users: so far only the end of their authorisation of an app (doc 1095/73364)."""

from collections.abc import Callable, Mapping

from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "cancel_authorization"]


def cancel_authorization(call: Call) -> Answer:
    """`PUT /v1/auth-users/cancel-auth`, with the parameters in the query; the answer is empty."""
    operator, kind = call.query.get("operator_id"), call.query.get("operator_id_type")
    if not operator or kind != "2":  # the code is not documented
        raise Refused(190004, "operator_id, and operator_id_type=2 (open_id), are expected")
    if operator != call.open_id:
        raise Refused(1004, f"operator_id {operator[:64]!r} is not the OpenId of the call")
    people = call.registry.people[call.people.app or ""]
    call.registry.grants.withdraw(people, people.userid(operator) or "")
    return Answer(value=None, committed=True)


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {"users.cancel_authorization": cancel_authorization}
