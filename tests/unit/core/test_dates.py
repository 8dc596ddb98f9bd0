"""Moments in the headers of HTTP."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.core.dates import read_date

_FIRST = datetime(1900, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone


@given(st.datetimes(min_value=_FIRST, timezones=st.just(UTC)))
def test_the_usual_form_is_read_as_pythons_own_package_reads_it(moment: datetime) -> None:
    text = format_datetime(moment, usegmt=True)
    assert read_date(text) == parsedate_to_datetime(text) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 +0800",
        "Sun, 06 Nov 1994 08:49:37 -0000",
        "Sun, 06 nov 1994 08:49:37 GMT",
    ],
)
def test_other_forms_too(text: str) -> None:
    assert repr(read_date(text)) == repr(parsedate_to_datetime(text))


@pytest.mark.parametrize("text", ["", "soon", "Sun, 06 Abc 1994 08:49:37 GMT", "Sun, 31 Feb 2026 25:61:61 GMT"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_date(text)
