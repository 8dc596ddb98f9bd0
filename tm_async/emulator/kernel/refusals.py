"""How the gateway says no, with the documented codes and statuses (doc 1095/43704 and API pages)."""

from typing import Any

from tm_async.spec.codes import Code, look_up

__all__ = ["Refused", "code", "error_body"]


def code(number: int, operation: str | None) -> Code:
    """What the operation means by a number; an unnamed service error for one that no table has."""
    return look_up(number, operation) or Code(number, 500, "ServiceError", "no", "error")


class Refused(Exception):
    """The gateway says no: which documented code, and exactly why.

    `reason` is for log, journal and message; `message` replaces the latter where the vendor prints one.
    `loud` asks for an error in the log instead of a warning, `envelope` for an answer as the OAuth endpoints give it.
    """

    def __init__(
        self, number: int, reason: str, *, message: str | None = None, loud: bool = False, envelope: bool = False
    ) -> None:
        self.number = number
        self.reason = reason
        self.message = message
        self.loud = loud
        self.envelope = envelope
        super().__init__(f"{number}: {reason}")

    def told(self, known: Code) -> str:
        """The message of the answer."""
        return self.message or f"{known.meaning}: {self.reason}"


def error_body(known: Code, message: str, *, new_code: bool = False) -> dict[str, Any]:
    """The documented envelope of a failure (doc 1095/43704).

    With `new_code`, `new_error_code` is never left out. Where no pair is known it is the code itself: all known pairs
    are the code behind the prefix of a module, and which module answers what is in no document.
    """
    info: dict[str, Any] = {"error_code": known.number}
    if known.new is not None or new_code:
        info["new_error_code"] = known.new or known.number
    info["message"] = message
    return {"error_info": info}
