"""`ms_open_id`: the name that everybody has within one meeting, members of the enterprise or not."""

import hashlib

__all__ = ["ms_open_id"]


def ms_open_id(meeting_id: str, who: object) -> str:
    """The same name for the same person in the same meeting, another one in the next meeting."""
    text = f"{meeting_id}\n{who}".encode("utf-8", "surrogatepass")
    return "EMULATORMS" + hashlib.sha256(text).hexdigest()[:24]
