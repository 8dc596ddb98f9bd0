"""Nonces: form, and that no two are the same, wherever they come from."""

import os
import random

import pytest

from tm_async.auth import nonce
from tm_async.auth.nonce import random_nonce


def test_form() -> None:
    for _ in range(1_000):
        found = random_nonce()
        assert found.isascii()
        assert found.isdigit()
        assert len(found) <= 19
        assert int(found) > 0


def test_no_two_are_the_same() -> None:
    assert len({random_nonce() for _ in range(20_000)}) == 20_000


def test_a_program_that_seeds_random_numbers_does_not_repeat_them() -> None:
    random.seed(1)
    first = random_nonce()
    random.seed(1)
    assert random_nonce() != first


def test_a_machine_that_is_copied_does_not_repeat_them(monkeypatch: pytest.MonkeyPatch) -> None:
    state = nonce._source.getstate()
    monkeypatch.setattr(nonce, "time_ns", lambda: 1_900_000_000_000_000_000)
    first = random_nonce()
    nonce._source.setstate(state)
    monkeypatch.setattr(nonce, "time_ns", lambda: 1_900_000_000_000_000_001)
    assert random_nonce() != first


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_does_not_repeat_those_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nonce, "time_ns", lambda: 0)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, random_nonce().encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as said:
        assert said.read() != random_nonce()
