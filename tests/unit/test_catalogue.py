"""The vendor's documented operations are there, wherever the package is installed."""

import pytest

from tm_async.catalogue import entries, entry


def test_all_operations() -> None:
    assert len(entries()) == 197
    create = entry("meetings.create")
    assert (create.method, create.path, create.auth) == ("POST", "/v1/meetings", ("enterprise", "oauth2"))
    assert create.content_type == "application/json"
    assert {"subject", "start_time"} <= {member["name"] for member in create.body}
    assert entry("meetings.get").path_params[0]["name"] == "meeting_id"
    assert entry("meetings.get").query
    assert entry("meetings.get").body == []
    assert entry("meetings.get").content_type is None


def test_unknown_ids() -> None:
    with pytest.raises(KeyError, match="nothing"):
        entry("nothing.at_all")
