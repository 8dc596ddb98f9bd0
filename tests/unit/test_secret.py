"""Text that is not shown, and is plain text for the wire."""

import json
import pickle
import traceback

from tm_async.core.secret import SecretText


def test_it_hides_in_whatever_holds_it() -> None:
    secret = SecretText("canary")
    for shown in (repr(secret), repr((secret,)), repr({"a": [secret]}), f"{secret!r}"):
        assert "canary" not in shown


def test_a_traceback_with_locals_does_not_show_it() -> None:
    def fail(headers: tuple[tuple[str, str], ...]) -> None:
        raise ValueError("no")

    try:
        fail((("AccessToken", SecretText("canary")),))
    except ValueError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        assert "headers" in shown
        assert "canary" not in shown.replace('SecretText("canary")', "")  # the line of code itself


def test_the_wire_gets_the_text() -> None:
    secret = SecretText("canary")
    assert secret.encode() == b"canary"
    assert f"{secret}" == "canary"
    assert json.dumps({"a": secret}) == '{"a": "canary"}'
    assert secret == "canary"
    assert hash(secret) == hash("canary")
    assert pickle.loads(pickle.dumps(secret)) == "canary"
