"""What the tests of stores share."""

import pickle
import traceback

from tests.redis_server import redis_url

__all__ = ["CANARY", "everything_about", "redis_url"]

CANARY = "canary-Qz4-令牌"


def everything_about(error: BaseException) -> str:
    """Also the variables of our frames in its traceback; the test's own frame has the secret, so it is left out."""
    ours = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if "tm_async/" in frame.f_code.co_filename]
    variables = "".join(repr(frame.f_locals) for frame in ours)
    chain = f"{error.__cause__!r} {error.__context__!r}"
    return f"{error} {error!r} {chain} {pickle.dumps(error)!r} {variables}"
