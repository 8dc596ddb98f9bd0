"""Names are counted right, in memory or not, and where they can't be it is said."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.batch.occurrences import Occurrences
from tm_async.errors import LedgerError


@given(st.lists(st.integers(0, 12)), st.integers(0, 5))
def test_each_gets_the_number_it_would_get_in_memory(names: list[int], in_memory: int) -> None:
    seen: Counter[bytes] = Counter()
    with Occurrences(in_memory) as counted:
        for name in names:
            key = name.to_bytes(16, "big")
            seen[key] += 1
            assert counted.count(key) == seen[key]
        assert len(counted._seen) <= in_memory


def test_a_file_that_can_not_be_had() -> None:
    with Occurrences(0) as counted:
        counted.count(b"x")
        counted._file.execute("DROP TABLE names")
        with pytest.raises(LedgerError, match="set SQLITE_TMPDIR, or give each request a key") as caught:
            counted.count(b"x")
    assert caught.value.__cause__ is None
