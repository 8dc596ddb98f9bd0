"""What the tests of stores share."""

import os
import pickle
import traceback

__all__ = ["CANARY", "STRANGER", "everything_about", "owned_by", "with_variables"]

CANARY = "canary-Qz4-令牌"
STRANGER = os.getuid() + 1 if hasattr(os, "getuid") else 1


def owned_by(uid: int, found: os.stat_result) -> os.stat_result:
    """As if another user owned it."""
    return os.stat_result((*found[:4], uid, *found[5:]))


def everything_about(error: BaseException) -> str:
    """Also the variables of our frames in its traceback; the test's own frame has the secret, so it is left out."""
    ours = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if "tm_async/" in frame.f_code.co_filename]
    variables = "".join(repr(frame.f_locals) for frame in ours)
    chain = f"{error.__cause__!r} {error.__context__!r}"
    return f"{error} {error!r} {chain} {pickle.dumps(error)!r} {variables}"


def with_variables(error: BaseException | None, seen: tuple[BaseException, ...] = ()) -> str:
    """What a tool shows that reports the variables of all frames, also of libraries, and all that it came from.

    Look for a part of a secret that is ASCII: libraries have it as bytes. The tests' own frames are left out.
    """
    if error is None or error in seen:
        return ""
    seen = (*seen, error)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    variables = [repr(frame.f_locals) for frame in frames if "/tests/" not in frame.f_code.co_filename]
    members = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    came_from = (with_variables(one, seen) for one in (error.__cause__, error.__context__, *members))
    return "".join([repr(error), repr(error.__dict__), *variables, *came_from])
