"""Text that is not shown: tokens on their way to the wire or a store."""

__all__ = ["SecretText"]


class SecretText(str):
    """A string whose `repr` hides it, also inside tuples, mappings and tracebacks with locals.

    `str()`, formatting and concatenation give the plain text: that is what the wire needs.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"
