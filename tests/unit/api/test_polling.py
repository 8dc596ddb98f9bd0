"""How long the pauses are."""

from itertools import islice

import pytest

from tm_async.api.polling import Polling
from tm_async.errors import ConfigurationError


def test_pauses_grow_up_to_the_longest() -> None:
    assert list(islice(Polling(first=2, factor=2, longest=10).pauses(), 5)) == [2, 4, 8, 10, 10]


@pytest.mark.parametrize("wrong", [{"first": -1.0}, {"factor": 0.9}, {"first": 5.0, "longest": 4.0}])
def test_pauses_that_make_no_sense(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        Polling(**wrong)
