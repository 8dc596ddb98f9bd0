"""The kinds of id that an operation takes for who acts: those that its entry in the catalogue lists."""

from collections.abc import Mapping

from attrs import evolve

from tm_async.core.annotations import Declared
from tm_async.core.validation import Rule

__all__ = ["kind_of_id", "with_kinds"]

_NAMES = {1: "userid", 2: "open_id", 3: "rooms_id", 4: "ms_open_id", 5: "meeting_room_id"}


def kind_of_id(*allowed: int, users: bool = False) -> Rule:
    """An id is of one of these kinds. What is no kind yet is let through: it was asked for by its class.

    `users`: those are named by another field, `userid`.
    """
    listed = ", ".join(f"{number} ({_NAMES[number]})" for number in allowed)
    hint, hint_zh = ("; for a user give userid", "；用户请用 userid") if users else ("", "")
    return Rule(
        name="kind-of-id",
        holds=lambda kind: kind in allowed or kind not in _NAMES,
        limit=allowed,
        actual=int,
        message=f"is {{actual}}; allowed: {listed}{hint}",
        message_zh=f"为 {{actual}}；可用：{listed}{hint_zh}",
    )


def with_kinds(operation_id: str, said: Mapping[str, Declared]) -> Mapping[str, Declared]:
    """What the fields of an operation say, and of `operator_id_type` what its page lists.

    Where sources disagree, the catalogue has what any of them lists; where it has none, they do not say.
    """
    kind = said.get("operator_id_type")
    if kind is None:
        return said
    from tm_async.spec.catalogue import entries

    documented = entries().get(operation_id)
    if documented is None or not documented.operator_kinds:
        return said
    kinds = documented.operator_kinds
    rule = kind_of_id(*kinds, users="userid" in said and 1 not in kinds)
    return {**said, "operator_id_type": evolve(kind, notes=(*kind.notes, rule))}
