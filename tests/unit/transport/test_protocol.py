"""What all transports refuse."""

import re
from typing import Any

import pytest

from tm_async.errors import ConfigurationError
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport


@pytest.mark.parametrize("family", [FastTransport, HttpxTransport, Httpx2Transport])
@pytest.mark.parametrize("name", ["connections", "max_answer"])
@pytest.mark.parametrize("size", [0, -1, "4", None, True, 2.0])
def test_a_size_with_which_nothing_would_go(family: type[Any], name: str, size: Any) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(f"{name} must be a whole number, 1 or more; not ")):
        family(**{name: size})
