"""What was meant: the closest first, and no question where nothing is close."""

from tm_async._util.near import did_you_mean


def test_what_is_close_is_asked_for() -> None:
    assert did_you_mean("meeting_id", ["meetingId", "userid"]) == "; did you mean meetingId?"
    assert did_you_mean("pag", ["size", "page", "pages"]) == "; did you mean page / pages?"
    assert did_you_mean("colour", ["userid"]) == ""
