"""What encryption promises: nothing readable, nothing swapped, keys that change, clear words when a key is wrong."""

import pickle
import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringError

from tests.unit.auth.stores.conftest import CANARY, everything_about, with_variables
from tm_async.auth.stores import EncryptedStore, MemoryStore, Stored
from tm_async.errors import ConfigurationError, TokenStoreError

OLD, NEW = EncryptedStore.new_key(), EncryptedStore.new_key()
VARIABLE = "TENCENT_MEETING_TOKEN_KEY"


@pytest.fixture
def inside() -> MemoryStore:
    return MemoryStore()


async def found_in(inside: MemoryStore, key: str = "user") -> Stored:
    found = await inside.load(key)
    assert found is not None
    return found


async def test_nothing_readable_is_kept(inside: MemoryStore) -> None:
    store = EncryptedStore(inside, OLD)
    version = await store.save("user", CANARY, version=None)
    kept = await found_in(inside)
    assert kept.version == version
    assert "canary" not in kept.data
    assert str(kept.data).isascii()
    first = str(kept.data)
    await store.save("user", CANARY, version=version)
    assert (await found_in(inside)).data != first, "equal texts don't look equal"


async def test_keys_change(inside: MemoryStore) -> None:
    """A new key in front: old entries are still read, new ones need the new key."""
    version = await EncryptedStore(inside, OLD).save("user", CANARY, version=None)
    both = EncryptedStore(inside, NEW, OLD)
    found = await both.load("user")
    assert found == Stored(CANARY, str(version))
    assert await both.save("user", CANARY, version=version)
    assert await EncryptedStore(inside, NEW).load("user")
    with pytest.raises(TokenStoreError, match="no key fits"):
        await EncryptedStore(inside, OLD).load("user")


@pytest.mark.parametrize("case", ["another key", "changed", "cut", "not encrypted"])
async def test_what_can_not_be_decrypted(case: str, inside: MemoryStore) -> None:
    store = EncryptedStore(inside, OLD)
    version = await store.save("user", CANARY, version=None)
    text = str((await found_in(inside)).data)
    spoiled = {
        "another key": text,
        "changed": text[:40] + ("A" if text[40] != "A" else "B") + text[41:],
        "cut": text[:-8],
        "not encrypted": f'{{"key": "user", "data": "{CANARY}"}}',
    }[case]
    await inside.save("user", spoiled, version=version)
    if case == "another key":
        store = EncryptedStore(inside, NEW)
    with pytest.raises(TokenStoreError, match="the entry 'user' can't be decrypted.*or delete it and") as caught:
        await store.load("user")
    shown = everything_about(caught.value)
    assert not [secret for secret in (OLD, NEW, CANARY, spoiled) if secret in shown]
    assert (await found_in(inside)).data == spoiled, "it is left as it is"
    await store.delete("user")
    assert await store.save("user", CANARY, version=None)


async def test_entries_can_not_be_swapped(inside: MemoryStore) -> None:
    store = EncryptedStore(inside, OLD)
    await store.save("eve", CANARY, version=None)
    await inside.save("alice", (await found_in(inside, "eve")).data, version=None)
    with pytest.raises(TokenStoreError, match="the entry 'alice' was put there from 'eve'; delete it") as caught:
        await store.load("alice")
    assert CANARY not in everything_about(caught.value)


async def test_encrypted_text_of_something_else(inside: MemoryStore) -> None:
    from cryptography.fernet import Fernet

    await inside.save("user", Fernet(OLD).encrypt(b"[]").decode(), version=None)
    with pytest.raises(TokenStoreError, match="can't be decrypted"):
        await EncryptedStore(inside, OLD).load("user")


@pytest.mark.parametrize("bad", ["secret-but-short", "密" * 44, OLD[:-2] + "!!", ""], ids=range(4))
def test_unusable_keys(bad: str, inside: MemoryStore) -> None:
    with pytest.raises(ConfigurationError, match=r"key 2 of 2 is no Fernet key .*new_key\(\) makes one") as caught:
        EncryptedStore(inside, NEW, bad)
    shown = everything_about(caught.value)
    assert NEW not in shown
    assert not bad or bad not in shown


def test_no_key_at_all(inside: MemoryStore) -> None:
    with pytest.raises(ConfigurationError, match="at least one key"):
        EncryptedStore(inside)


async def test_keys_from_the_environment(inside: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await EncryptedStore(inside, OLD).save("user", CANARY, version=None)
    monkeypatch.setenv(VARIABLE, f" {NEW} , {OLD},")
    found = await EncryptedStore.from_env(inside).load("user")
    assert found is not None
    assert found.data == CANARY
    for nothing in ({}, {VARIABLE: " , "}):
        with pytest.raises(ConfigurationError, match=f"set the environment variable {VARIABLE}"):
            EncryptedStore.from_env(inside, nothing)
    with pytest.raises(ConfigurationError, match="key 2 of 2") as caught:
        EncryptedStore.from_env(inside, {VARIABLE: f"{OLD},{NEW[:-3]}"})
    shown = everything_about(caught.value)
    assert OLD not in shown
    assert NEW[:-3] not in shown


class Ring(KeyringBackend):
    """In memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


async def test_the_key_from_the_keyring(ring: Ring, inside: MemoryStore) -> None:
    with pytest.raises(ConfigurationError, match="no key for 'token-key' of service 'tm-async'; pass create=True"):
        EncryptedStore.from_keyring(inside)
    assert await EncryptedStore.from_keyring(inside, create=True).save("user", CANARY, version=None)
    assert await EncryptedStore.from_keyring(inside, create=True).load("user")
    assert list(ring.kept) == [("tm-async", "token-key")]
    ring.kept["other", "key"] = f"{NEW},{ring.kept['tm-async', 'token-key']}"
    assert await EncryptedStore.from_keyring(inside, "other", "key").load("user")


async def test_another_process_makes_a_key_at_the_same_moment(ring: Ring, inside: MemoryStore) -> None:
    """It writes after this one, before this one goes on: both use its key."""

    class Contended(Ring):
        def set_password(self, service: str, username: str, password: str) -> None:
            super().set_password(service, username, password)
            super().set_password(service, username, NEW)

    keyring.set_keyring(Contended())
    assert await EncryptedStore.from_keyring(inside, create=True).save("user", CANARY, version=None)
    assert await EncryptedStore(inside, NEW).load("user")


def test_a_keyring_that_breaks_shows_no_key(ring: Ring, inside: MemoryStore) -> None:
    made: list[str] = []

    class Breaking(Ring):
        def set_password(self, service: str, username: str, password: str) -> None:
            made.append(password)
            raise KeyringError("the key may be there or not")

    keyring.set_keyring(Breaking())
    with pytest.raises(ConfigurationError, match="no usable keyring here") as caught:
        EncryptedStore.from_keyring(inside, create=True)
    assert made[0] not in with_variables(caught.value)


def test_no_keyring(ring: Ring, inside: MemoryStore) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    with pytest.raises(ConfigurationError, match=rf"no usable keyring here \(NoKeyringError\); use .*{VARIABLE}"):
        EncryptedStore.from_keyring(inside, create=True)


def test_without_cryptography(inside: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    with pytest.raises(ConfigurationError, match=r"needs cryptography: pip install 'tm-async\[file\]'"):
        EncryptedStore(inside, OLD)


def test_without_keyring(inside: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigurationError, match=r"needs keyring: pip install 'tm-async\[keyring\]'"):
        EncryptedStore.from_keyring(inside)


def test_it_shows_no_key(inside: MemoryStore) -> None:
    store = EncryptedStore(inside, OLD, NEW)
    assert repr(store) == "EncryptedStore(MemoryStore(<0 entries>))"
    assert not [key for key in (OLD, NEW) if key in repr(vars(store))]
    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(store)
