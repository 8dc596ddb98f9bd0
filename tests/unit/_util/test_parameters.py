"""What a function takes that is declared to take what another one does."""

import inspect
from typing import Any, get_type_hints

import pytest

from tm_async._util.parameters import takes_as
from tm_async.api.recordings import Recordings


def first(number: int, *, name: str = "x") -> int:
    raise AssertionError((number, name))


@takes_as(first)
async def second(*args: Any, **options: Any) -> str:
    """It has a text of its own."""
    return f"{args} {options}"


async def test_it_takes_the_same_and_is_itself_otherwise() -> None:
    assert str(inspect.signature(second)) == "(number: int, *, name: str = 'x') -> str"
    assert get_type_hints(second) == {"number": int, "name": str, "return": str}
    assert inspect.iscoroutinefunction(second)
    assert (second.__name__, second.__doc__) == ("second", "It has a text of its own.")
    assert await second(1, name="y") == "(1,) {'name': 'y'}"
    assert str(inspect.signature(first)).endswith("-> int"), "the other one stays as it is"


def test_a_file_is_saved_with_what_a_download_takes() -> None:
    taken = [inspect.signature(each).parameters for each in (Recordings.download, Recordings.save)]
    assert taken[0] == taken[1]
    with pytest.raises(TypeError, match="operator_id"):
        Recordings(object()).save("1", to="x.mp4").send(None)  # type: ignore[arg-type, call-arg]
