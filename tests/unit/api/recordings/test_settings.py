"""The share link: what goes together, and what does not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.api.helpers import broken
from tm_async.api.recordings import SetRecordingSettings, Sharing

END = datetime(2026, 12, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"enable_sharing": False, "allow_download": True}, [("allow_download", "sharing-is-off")]),
        ({"enable_password": True}, [("password", "with-its-switch")]),
        ({"password": "ab12"}, [("password", "with-its-switch")]),
        ({"enable_password": True, "password": "短"}, [("password", "share-password")]),
        (
            {"enable_password": True, "password": "ab12", "enable_approve": True},
            [("enable_password", "password-or-approval")],
        ),
        ({"sharing_expire": END}, [("sharing_expire", "with-its-switch")]),
        ({"enable_sharing": False}, []),
    ],
)
def test_what_goes_together(given: dict[str, Any], found: list[tuple[str, str]]) -> None:
    request = {"operator_id": "tester", "meeting_record_id": "1", "sharing_config": Sharing(**given)}
    assert broken(SetRecordingSettings, **request) == [(f"sharing_config.{name}", rule) for name, rule in found]
