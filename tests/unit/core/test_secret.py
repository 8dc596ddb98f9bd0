"""Text that is not shown, and is plain text for the wire."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve, field, frozen

from tm_async.core.secret import SecretBytes, SecretText, hide, hides, plain, require_secret
from tm_async.errors import ConfigurationError

LONG = SecretText("canary-" * 30)
MADE: dict[str, Callable[[SecretText], Any]] = {
    "a slice": lambda secret: secret[:80],
    "a letter": lambda secret: secret[0],
    "all letters": list,
    "something behind it": lambda secret: secret + "!",
    "something before it": lambda secret: "Bearer " + secret,
    "twice": lambda secret: (secret * 2, 2 * secret),
    "percent": lambda secret: ("Bearer %s" % secret, (secret + "%s") % 1),  # noqa: UP031
    "a format": lambda secret: (f"{secret}", format(secret, ".80"), (secret + "{}").format(1)),
    "str": str,
    "a join": lambda secret: secret.join("ab"),
    "pieces": lambda secret: (secret.split("-"), secret.partition("-"), secret.splitlines(), secret.rsplit("-", 1)),
    "other letters": lambda secret: (
        secret.upper(),
        secret.title(),
        secret.replace("-", "+"),
        secret.translate({45: 0}),
    ),
    "the ends": lambda secret: (secret.strip(), secret.removeprefix("c"), secret.ljust(300), secret.zfill(300)),
    "bytes": lambda secret: secret.encode(),
    "some of the bytes": lambda secret: (secret.encode()[:80], b"Bearer " + secret.encode(), secret.encode() + b"!"),
    "bytes and back": lambda secret: (secret.encode().decode(), secret.encode().hex(), secret.encode().split(b"-")),
    "a copy": lambda secret: (copy.copy(secret), copy.deepcopy([secret]), pickle.loads(pickle.dumps(secret))),
}


@pytest.mark.parametrize("kind", MADE)
def test_what_is_made_of_it_hides_itself(kind: str) -> None:
    made = MADE[kind](LONG)
    for letters in ("canary", "CANARY", "Canary", "c", "63616e"):
        assert letters not in repr(made)
    assert isinstance(made, str | bytes | tuple | list)


def test_what_is_made_of_it_is_what_it_would_be() -> None:
    for make in MADE.values():
        assert make(LONG) == make("canary-" * 30)  # type: ignore[arg-type]


def test_an_encoding_that_can_not_write_it_does_not_show_it() -> None:
    for make in (
        lambda: SecretText("canary\udcff").encode(),
        lambda: SecretText("canary é").encode("ascii"),
        lambda: SecretBytes(b"canary\xff").decode(),
    ):
        with pytest.raises(UnicodeError) as caught:
            make()
        assert "canary" not in f"{caught.value!r} {vars(caught.value)}"
        assert caught.value.__context__ is None


def test_it_is_taken_in_whatever_it_is() -> None:
    assert [hide(value) for value in ("canary", b"canary", None, 5, ["canary"])] == ["canary", "", "", "", ""]
    assert type(plain(SecretText("canary"))) is str


@pytest.mark.parametrize("bad", ["", "canary\udcff"])
def test_an_unusable_one_is_named_and_not_shown(bad: str) -> None:
    with pytest.raises(ConfigurationError, match="^api_key ") as caught:
        require_secret("api_key", hide(bad))
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


@hides("secret")
@frozen(kw_only=True)
class Made:
    name: str
    secret: str = field(repr=False)
    number: int = field(converter=int)


def test_a_constructor_that_fails_shows_neither_it_nor_half_an_object() -> None:
    def fail(text: SecretText) -> None:
        Made(name="x", secret="".join(["", text]), number="no")  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="no") as caught:
        fail(LONG)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "canary" not in shown
    assert "<Made, not complete>" in shown
    made = Made(name="x", secret="canary", number=1)
    assert repr(made) == "Made(name='x', number=1)"
    assert evolve(made, number=2).secret == "canary"


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
