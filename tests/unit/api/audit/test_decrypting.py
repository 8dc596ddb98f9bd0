"""`LogKey`: what it makes, what it decrypts, and what it refuses without showing anything."""

import pickle
from base64 import b64encode
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)

from tests.unit.api.helpers import sent
from tm_async.api.audit import KeyLength, LogKey, SetPublicKey, UnreadableLog
from tm_async.errors import ConfigurationError

TEXT = '{"operator": "张三", "event": "登录"}' * 20


@cache
def key(length: KeyLength = KeyLength.BITS_2048) -> LogKey:
    return LogKey.generate(length)


def encrypted(by: LogKey, plain: bytes) -> bytes:
    """As whoever has the public key does it: piece by piece, as many bytes as a block has room for."""
    public = load_pem_public_key(by.public_key.encode())
    assert isinstance(public, rsa.RSAPublicKey)
    room = public.key_size // 8 - 11
    pieces = [plain[start : start + room] for start in range(0, len(plain), room)]
    return b"".join(public.encrypt(piece, PKCS1v15()) for piece in pieces)


@pytest.mark.parametrize("length", KeyLength)
def test_a_long_text_comes_back(length: KeyLength) -> None:
    data = encrypted(key(length), TEXT.encode())
    assert key(length).decrypt(b64encode(data).decode()) == TEXT
    assert key(length).decrypt(data.hex().upper()) == TEXT
    assert LogKey.from_pem(key(length).to_pem()).decrypt(f" {b64encode(data).decode()}\n") == TEXT


def test_what_is_uploaded() -> None:
    _, _, body = sent(SetPublicKey(userid="admin", public_key=key().public_key, key_len=key().key_len))
    assert body is not None
    assert body["key_len"] == 2048
    assert body["public_key"].startswith("-----BEGIN PUBLIC KEY-----\n")


@pytest.mark.parametrize("text", ["", "!", "AAAA", "ab" * 256 + "cd"])
def test_what_is_no_text_of_a_log(text: str) -> None:
    with pytest.raises(UnreadableLog):
        key().decrypt(text)


def test_another_key() -> None:
    other, data = LogKey.generate(), encrypted(key(), b"secret")
    with pytest.raises(UnreadableLog) as caught:
        other.decrypt(data.hex())
    assert "secret" not in str(caught.value)


def test_a_password() -> None:
    pem = key().to_pem(password=b"open sesame")
    assert LogKey.from_pem(bytes(pem), password=b"open sesame").public_key == key().public_key
    for wrong in (None, b"wrong"):
        with pytest.raises(ConfigurationError, match="password"):
            LogKey.from_pem(bytes(pem), password=wrong)


def test_what_is_no_key() -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for pem in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", curve):
        with pytest.raises(ConfigurationError, match="no RSA private key"):
            LogKey.from_pem(pem)
    with pytest.raises(ConfigurationError, match="3072"):
        LogKey(rsa.generate_private_key(public_exponent=65537, key_size=3072))


def test_it_is_not_shown() -> None:
    pem = bytes(key().to_pem())
    assert repr(key().to_pem()) == "b'***'"
    assert "PRIVATE" not in repr(key())
    with pytest.raises(TypeError):
        pickle.dumps(key())
    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----")
