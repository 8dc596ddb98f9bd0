"""What all transports refuse, and what a cancellation says."""

import re
import subprocess
import sys
from asyncio import CancelledError
from pathlib import Path
from typing import Any

import pytest

from tm_async.errors import ConfigurationError
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport
from tm_async.transport.protocol import NOTHING_SENT, cancelled


@pytest.mark.parametrize("family", [FastTransport, HttpxTransport, Httpx2Transport])
@pytest.mark.parametrize("name", ["connections", "max_answer"])
@pytest.mark.parametrize("size", [0, -1, "4", None, True, 2.0])
def test_a_size_with_which_nothing_would_go(family: type[Any], name: str, size: Any) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(f"{name} must be a whole number, 1 or more; not ")):
        family(**{name: size})


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ((), (NOTHING_SENT,)),
        ((NOTHING_SENT,), (NOTHING_SENT,)),
        (("why",), ("why", NOTHING_SENT)),
        (("why", NOTHING_SENT), ("why", NOTHING_SENT)),
    ],
)
def test_the_last_word_tells_of_the_deed(said: tuple[str, ...], says: tuple[str, ...]) -> None:
    assert cancelled(CancelledError(*said)).args == says
    assert cancelled(CancelledError(*said), "it was done").args == (*says[:-1], "it was done")


@pytest.mark.parametrize(
    ("module", "missing", "extra"),
    [("fast", "httptools", "fast"), ("httpx2", "httpx2", "httpx2"), ("httpx2", "httpcore2", "httpx2")],
)
def test_without_its_extra_a_transport_says_what_to_install(module: str, missing: str, extra: str) -> None:
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        f"try:\n    import tm_async.transport.{module}\n"
        "except ImportError as error:\n    print(error)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert f"needs {missing}: pip install 'tm-async[{extra}]'" in done.stdout
