"""Signatures and encryption against the vendor's example and independent vectors."""

import pytest

from tm_async.emulator.webhooks.secrets import Secrets

TOKEN = "ExampleToken0123456789abc"
AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
CHECK = "gNWFDJGQBSUEikpBHQ24CV1DQUBJcJss/rqB4S5imc4="


def test_a_challenge_is_encrypted_and_signed() -> None:
    secrets = Secrets(TOKEN, AES_KEY)
    assert secrets.wrap(b"challenge-7f3a9c") == CHECK
    assert secrets.sign("1760000000", "86420", CHECK) == "7a98a9e0b30a60679d719bf813e88ed0317b8694"


def test_without_a_key_it_is_plain() -> None:
    secrets = Secrets(TOKEN)
    wrapped = secrets.wrap(b"challenge-7f3a9c")
    assert wrapped == "Y2hhbGxlbmdlLTdmM2E5Yw=="
    assert secrets.sign("1760000000", "86420", wrapped) == "65a9706a899794fe51bb228116d0f194a42cb488"


@pytest.mark.parametrize(
    ("token", "aes_key", "message"),
    [
        ("short", None, "token: 25 letters and digits are expected"),
        ("ExampleToken0123456789ab-", None, "token: 25"),
        (TOKEN, AES_KEY + "A", "aes_key: 43 letters and digits are expected"),
    ],
)
def test_unusable_ones(token: str, aes_key: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Secrets(token, aes_key)
    assert token not in str(caught.value)


def test_they_are_not_shown_and_the_same_for_the_same_seed() -> None:
    assert repr(Secrets(TOKEN, AES_KEY)) == "Secrets()"
    assert Secrets.made(1) == Secrets.made(1) != Secrets.made(2)
