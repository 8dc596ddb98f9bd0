"""Tokens and AES keys: what is taken, what is said about the rest, and that nothing shows."""

import contextlib
import copy
import pickle
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.webhooks import vectors as v
from tm_async.errors import ConfigurationError
from tm_async.webhooks import WebhookKey, WebhookKeys

OTHER_TOKEN = "OtherToken0123456789abcde"
OTHER_AES_KEY = "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


def test_encryption_there_and_back() -> None:
    assert v.KEY.encrypts
    assert v.KEY.decrypt(v.KEY.encrypt(v.PLAIN)) == v.PLAIN
    assert v.KEY.sign(v.TIMESTAMP, v.NONCE, v.DATA) == v.SIGNATURE


def test_messages_leave_no_trace_in_each_other() -> None:
    sealed = [(bytes([65 + size % 26]) * size, v.KEY.encrypt(bytes([65 + size % 26]) * size)) for size in range(70)]
    for plain, one in [*sealed, *sealed[::-1]]:
        for bad in (one[:-1], b"x" * 32, b""):
            with contextlib.suppress(ValueError):
                v.KEY.decrypt(bad)
        assert v.KEY.decrypt(one) == plain


def test_many_threads_decrypt_with_one_key() -> None:
    sealed = [(b"%d" % size * size, v.KEY.encrypt(b"%d" % size * size)) for size in range(1, 200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: v.KEY.decrypt(one[1]) == one[0], sealed * 10))
    assert all(found)


@pytest.mark.parametrize(
    ("token", "aes_key", "said"),
    [
        ("x" * 24, None, "the webhook's Token must be 25 letters and digits, not 24 characters"),
        ("", None, "not 0 characters"),
        ("x" * 24 + "!", None, "Token must be 25 letters and digits, and this one has other characters"),
        ("x" * 24 + "é", None, "other characters"),
        (None, None, "not 0 characters"),
        (v.TOKEN, "x" * 42, "EncodingAESKey must be 43 letters and digits, not 42 characters"),
        (v.TOKEN, v.AES_KEY + "=", "not 44 characters, without the = at the end"),
        (v.TOKEN, v.AES_KEY[:-1] + "+", "other characters"),
        (v.TOKEN, b"x" * 43, "not 0 characters"),
    ],
)
def test_wrong_keys_are_named_and_not_shown(token: str, aes_key: str | None, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        WebhookKey(token, aes_key)
    assert said in str(caught.value)
    for one in (token, aes_key):
        assert not one or len(str(one)) < 10 or str(one) not in str(caught.value)


def test_without_an_aes_key_nothing_is_encrypted() -> None:
    key = WebhookKey(v.TOKEN)
    assert not key.encrypts
    with pytest.raises(ConfigurationError, match="no EncodingAESKey"):
        key.encrypt(b"x")


def test_without_cryptography(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers", None)
    assert not WebhookKey(v.TOKEN).encrypts
    with pytest.raises(ConfigurationError, match=r"pip install 'tm-async\[webhooks\]'"):
        WebhookKey(v.TOKEN, v.AES_KEY)


def test_a_ring_has_names() -> None:
    third = WebhookKey(OTHER_TOKEN)
    ring = WebhookKeys(v.KEY, WebhookKey(OTHER_TOKEN), third)
    assert [name for name, _ in ring.named] == ["current", "previous", "previous-2"]
    assert ring.current is v.KEY
    assert [name for name, _ in WebhookKeys(WebhookKey(v.TOKEN, name="2027"), third).named] == ["2027", "previous"]
    with pytest.raises(ConfigurationError, match="one name"):
        WebhookKeys(WebhookKey(v.TOKEN, name="previous"), third)
    with pytest.raises(ConfigurationError, match=r"takes WebhookKey\(token, aes_key\)"):
        WebhookKeys(v.TOKEN, v.AES_KEY)  # type: ignore[arg-type]


def names_of(environ: dict[str, str]) -> list[tuple[str, bool]]:
    prefixed = {f"TENCENT_MEETING_WEBHOOK_{name}": value for name, value in environ.items()}
    return [(name, key.encrypts) for name, key in WebhookKeys.from_env(prefixed).named]


def test_from_the_environment() -> None:
    assert names_of({"TOKEN": v.TOKEN}) == [("current", False)]
    assert names_of({"TOKEN": f" {v.TOKEN}\n", "AES_KEY": v.AES_KEY}) == [("current", True)]
    whole = {"TOKEN": v.TOKEN, "AES_KEY": v.AES_KEY, "PREVIOUS_TOKEN": OTHER_TOKEN}
    assert names_of(whole) == [("current", True), ("previous", True)], "the AES key stays what it was"
    assert names_of({**whole, "PREVIOUS_AES_KEY": OTHER_AES_KEY}) == [("current", True), ("previous", True)]
    changed = {"TOKEN": v.TOKEN, "AES_KEY": v.AES_KEY, "PREVIOUS_AES_KEY": OTHER_AES_KEY}
    assert names_of(changed) == [("current", True), ("previous", True)], "the token stays what it was"
    with pytest.raises(ConfigurationError, match="set the environment variable TENCENT_MEETING_WEBHOOK_TOKEN"):
        names_of({"AES_KEY": v.AES_KEY})


@pytest.mark.parametrize("held", [v.KEY, v.KEYS])
def test_what_holds_keys_shows_none_and_stays_here(held: object) -> None:
    assert v.TOKEN not in repr(held)
    assert v.AES_KEY not in repr(held)
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="can't be pickled"):
            leave(held)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("token", "aes_key"), [(v.TOKEN + "x", None), (v.TOKEN, v.AES_KEY + "x"), (v.TOKEN, v.AES_KEY[:-1] + "-")]
)
def test_tracebacks_with_variables_show_no_key(token: str, aes_key: str | None) -> None:
    shown = _shown(lambda: WebhookKey(*_hidden(token, aes_key)))
    shown += _shown(lambda: WebhookKeys(*_hidden(token, aes_key)))  # type: ignore[arg-type]
    assert "ConfigurationError" in shown
    assert v.TOKEN[:12] not in shown
    assert v.AES_KEY[:12] not in shown


class _Held:
    def __init__(self, *values: object) -> None:
        self.values = values


def _hidden(*values: object) -> "tuple[object, ...]":
    return _Held(*values).values


def _shown(call: object) -> str:
    try:
        call()  # type: ignore[operator]
    except ConfigurationError as error:
        frames = traceback.TracebackException.from_exception(error, capture_locals=True)
        frames.stack = traceback.StackSummary.from_list(
            [frame for frame in frames.stack if "tm_async/webhooks" in frame.filename]
        )
        return "".join(frames.format())
    return ""
