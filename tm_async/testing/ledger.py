"""What every ledger has to do, as tests: subclass `LedgerContract` and run pytest (needs pytest-asyncio).

```python
import pytest
from tm_async.testing import LedgerContract

class TestMyLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, tmp_path, clock):
        return MyLedger(tmp_path / "ledger.db", clock=clock)

    @pytest.fixture
    def other(self, ledger, tmp_path, clock):    # optional: a second handle on the same storage
        return MyLedger(tmp_path / "ledger.db", clock=clock)

    @pytest.fixture
    def pass_time(self, clock):                  # optional: lets leases come nearer to their end, without sleeping
        async def pass_time(seconds):
            clock.now += seconds
        return pass_time

    @pytest.fixture
    def broken(self):                            # optional: a handle on storage that can't be used
        return MyLedger("/nowhere/ledger.db")
```

A ledger with the clock of its database lets time pass by moving the ends of all leases back.
"""

import asyncio
import logging
from contextlib import suppress
from itertools import chain
from typing import Any

import pytest
from attrs import evolve

from tm_async.batch.ledger.protocol import Entry, Item, Ledger, State
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError, LedgerConflict, LedgerError
from tm_async.testing.clauses import with_variables
from tm_async.testing.leases import FINAL, LeaseContract, items

__all__ = ["LedgerContract"]

_SECRET = "canary-Pw7-meeting-password"  # noqa: S105
_TEXTS = {
    "Chinese and emoji": "会议 📅 周会",
    "quotes": "\"'`\\ \\n %s {0} </script> --",
    "line ends": "\n\r\n\ttab\x01\u2028end ",
    "empty": "",
    "a path": "../a/b*?[x]:{y}",
    "long": "长" * 400,
}


@pytest.mark.asyncio
class LedgerContract(LeaseContract):
    """Tests of a `Ledger`. Give a fixture `ledger`, empty for each test; the modes strict and auto both work.

    The optional fixtures: `other`, a second handle on the storage of `ledger`, if processes can share it; `pass_time`,
    a coroutine function that lets seconds pass; `broken`, a handle on storage that fails. What they are for is skipped
    or, for `other`, done with one handle if they are missing.
    """

    async def test_an_empty_ledger(self, ledger: Ledger) -> None:
        """Has nothing, and says so."""
        assert await ledger.counts() == dict.fromkeys(State, 0)
        assert await ledger.get(["nothing"]) == {}
        assert await ledger.claim("w", lease=60, limit=5) == []
        assert await ledger.claim("w", lease=60, limit=5, keys=["nothing"]) == []
        assert [entry async for entry in ledger.entries()] == []
        assert await ledger.add([]) == 0
        await ledger.renew("w", lease=60)
        assert await ledger.record(Entry(key="nothing", position=0, request="", claims=1), State.CREATED) is False

    async def test_what_is_added_is_there(self, ledger: Ledger, other: Ledger) -> None:
        """Through both handles, in order, pending."""
        assert await ledger.add(items("c", "a", "b")) == 3
        found = [entry async for entry in other.entries()]
        assert [(entry.key, entry.request, entry.label, entry.group) for entry in found] == [
            (key, f"request {key}", f"label {key}", f"group {key}") for key in ("c", "a", "b")
        ]
        for entry in found:
            assert (entry.state, entry.claims, entry.worker, entry.doubtful) == (State.PENDING, 0, None, False)
            assert (entry.since, entry.until, dict(entry.outcome)) == (None, None, {})
        assert await ledger.get(["b", "missing", "c", "b"]) == {"c": found[0], "b": found[2]}

    async def test_what_was_claimed_least_comes_first(self, ledger: Ledger, other: Ledger) -> None:
        """And of those the first by position, so that what fails each time holds up nothing."""
        await ledger.add(items("a", "b", "c", "d"))
        for expected in ("abcd", "abcd"):
            for key in expected:
                (entry,) = await ledger.claim("w", lease=60)
                assert entry.key == key
                assert await other.record(entry, State.PENDING)
        (entry,) = await ledger.claim("w", lease=60, keys=["a"])
        await ledger.record(entry, State.PENDING)
        await ledger.add(items("e"))
        assert [entry.key for entry in await other.claim("v", lease=60, limit=4)] == ["e", "b", "c", "d"]
        assert [entry.key for entry in await ledger.claim("v", lease=60, limit=4)] == ["a"]

    async def test_adding_again_adds_what_is_missing(self, ledger: Ledger, other: Ledger) -> None:
        """Behind what is there; that keeps state, place, label and group. A key that comes twice is one item."""
        await ledger.add(items("a", "b"))
        (entry,) = await ledger.claim("w", lease=60)
        await ledger.record(entry, State.CREATED)
        again = Item(key="a", request="request a", label="another label", group="another group")
        assert await other.add([*items("d"), again, *items("c", "d", "b")]) == 2
        assert await other.add(items("a", "b", "c", "d")) == 0
        found = [one async for one in ledger.entries()]
        assert [(one.key, one.label) for one in found] == [(key, f"label {key}") for key in ("a", "b", "d", "c")]
        places = [one.position for one in found]
        assert places == sorted(set(places))
        assert places[0] >= 0
        assert (found[0].state, found[0].group) == (State.CREATED, "group a")
        assert [one async for one in other.entries(group="another group")] == []

    async def test_a_key_with_another_request_is_a_conflict(self, ledger: Ledger, other: Ledger) -> None:
        """Nothing is added, and the error names every such key and no request."""
        await ledger.add(items("a", "b", "c"))
        changed = [Item(key=key, request=_SECRET) for key in ("c", "a")]
        with pytest.raises(LedgerConflict) as caught:
            await other.add([*items("new", "b"), *changed])
        assert sorted(caught.value.keys) == ["a", "c"]
        assert "'a'" in str(caught.value)
        assert _SECRET not in with_variables(caught.value)
        assert [entry.key async for entry in ledger.entries()] == ["a", "b", "c"]
        assert (await ledger.get(["a"]))["a"].request == "request a"

    async def test_a_key_twice_with_different_requests_is_a_conflict(self, ledger: Ledger) -> None:
        """Also when it is not there yet."""
        with pytest.raises(LedgerConflict) as caught:
            await ledger.add([*items("a", "b"), Item(key="b", request="other")])
        assert caught.value.keys == ("b",)
        assert (await ledger.counts())[State.PENDING] == 0

    async def test_many_add_the_same_at_once(self, ledger: Ledger, other: Ledger) -> None:
        """Each item is added once, and counted once."""
        keys = [f"k{n}" for n in range(30)]
        lists = [items(*keys[n : n + 10]) for n in range(0, 30, 5)]
        async with asyncio.timeout(self.limit):
            added = await asyncio.gather(*(one.add(some) for some in lists for one in (ledger, other)))
        assert sum(added) == 30
        found = [entry async for entry in ledger.entries()]
        assert sorted(entry.key for entry in found) == sorted(keys)
        assert len({entry.position for entry in found}) == 30

    async def test_what_a_claim_gives(self, ledger: Ledger, other: Ledger) -> None:
        """The first ones, not more than asked for, each as it now stands in the ledger."""
        await ledger.add(items("b", "a", "c"))
        assert await ledger.claim("w", lease=60, limit=0) == []
        claimed = await ledger.claim("w", lease=60, limit=2)
        assert [entry.key for entry in claimed] == ["b", "a"]
        for entry in claimed:
            assert (entry.state, entry.claims, entry.worker, entry.doubtful) == (State.SENDING, 1, "w", False)
            assert entry.since is not None
            assert entry.until is None
            assert (entry.request, entry.group) == (f"request {entry.key}", f"group {entry.key}")
        assert await other.get(["a", "b"]) == {entry.key: evolve(entry, claimed_at=None) for entry in claimed}
        assert [entry.key for entry in await other.claim("v", lease=60, limit=2)] == ["c"]

    async def test_nobody_gets_what_another_has(self, ledger: Ledger, other: Ledger) -> None:
        """Neither by key, nor its holder a second time."""
        await ledger.add(items("a"))
        assert await ledger.claim("w", lease=60)
        for handle, worker in ((ledger, "w"), (ledger, "v"), (other, "w"), (other, "v")):
            assert await handle.claim(worker, lease=60) == []
            assert await handle.claim(worker, lease=60, keys=["a"]) == []

    async def test_each_item_is_claimed_once(self, ledger: Ledger, other: Ledger) -> None:
        """By sixteen at once, through two handles."""
        await ledger.add(items(*(f"k{n}" for n in range(100))))

        async def work(number: int) -> list[str]:
            taken: list[str] = []
            handle = (ledger, other)[number % 2]
            while claimed := await handle.claim(f"worker {number % 4}", lease=600, limit=number % 3 + 1):
                taken += [entry.key for entry in claimed]
                assert all([await handle.record(entry, State.CREATED) for entry in claimed])
            return taken

        async with asyncio.timeout(self.limit):
            taken = await asyncio.gather(*(work(number) for number in range(16)))
        assert sorted(chain.from_iterable(taken)) == sorted(f"k{n}" for n in range(100))
        assert (await other.counts())[State.CREATED] == 100

    async def test_a_claim_by_key(self, ledger: Ledger) -> None:
        """Takes these only, by position, each once; what is not there is left out."""
        await ledger.add(items("a", "b", "c", "d"))
        claimed = await ledger.claim("w", lease=60, limit=9, keys=["d", "missing", "b", "d"])
        assert [entry.key for entry in claimed] == ["b", "d"]
        assert await ledger.claim("w", lease=60, limit=9, keys=[]) == []
        assert [entry.key for entry in await ledger.claim("w", lease=60, keys=["c", "a"])] == ["a"]

    @pytest.mark.parametrize("state", [State.PENDING, *FINAL, State.UNKNOWN])
    async def test_what_is_recorded_is_there(self, state: State, ledger: Ledger, other: Ledger) -> None:
        """Through both handles. Only an unknown one may have been sent."""
        await ledger.add(items("a", "b"))
        (entry,) = await ledger.claim("w", lease=60)
        outcome = {"meeting_id": "1", "deep": {"list": [1, 2.5, None, True, "会"]}}
        assert await other.record(entry, state, outcome=outcome, until=1e9 if state is State.UNKNOWN else None)
        found = (await ledger.get(["a"]))["a"]
        assert (found.state, found.outcome, found.claims, found.worker) == (state, outcome, 1, "w")
        assert (found.request, found.label, found.group) == ("request a", "label a", "group a")
        unknown = state is State.UNKNOWN
        assert (found.since, found.until) == ((entry.since, 1e9) if unknown else (None, None))
        assert await other.counts() == dict.fromkeys(State, 0) | {State.PENDING: 1 + (state is State.PENDING)} | (
            {state: 1} if state is not State.PENDING else {}
        )

    @pytest.mark.parametrize("first", [State.PENDING, *FINAL, State.UNKNOWN])
    async def test_a_claim_is_recorded_once(self, first: State, ledger: Ledger, other: Ledger) -> None:
        """The second time changes nothing, whoever says it."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        assert await ledger.record(entry, first, outcome={"n": 1})
        before = await ledger.get(["a"])
        for state in (first, *FINAL, State.UNKNOWN, State.PENDING):
            assert await other.record(entry, state, outcome={"n": 2}) is False
        assert await ledger.get(["a"]) == before

    async def test_one_of_many_records_wins(self, ledger: Ledger, other: Ledger) -> None:
        """Twenty at once."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        handles = [ledger, other] * 10
        async with asyncio.timeout(self.limit):
            said = [one.record(entry, State.CREATED, outcome={"n": n}) for n, one in enumerate(handles)]
            results = await asyncio.gather(*said)
        assert sorted(results) == [False] * 19 + [True]
        assert (await other.get(["a"]))["a"].outcome == {"n": results.index(True)}

    async def test_what_was_not_sent_is_claimed_anew(self, ledger: Ledger, other: Ledger) -> None:
        """As if for the first time, but for the number of claims."""
        await ledger.add(items("a"))
        for claims in (1, 2, 3):
            (entry,) = await ledger.claim("w", lease=60)
            assert (entry.key, entry.claims, entry.doubtful, entry.until) == ("a", claims, False, None)
            assert entry.since is not None
            assert await other.record(entry, State.PENDING)

    async def test_an_unknown_one_is_claimed_by_key_only(self, ledger: Ledger, other: Ledger) -> None:
        """It is doubtful, and keeps when the attempt was; what is found out then is final."""
        await ledger.add(items("a"))
        (first,) = await ledger.claim("w", lease=60)
        assert await ledger.record(first, State.UNKNOWN, outcome={"why": "silence"}, until=1e9)
        assert await other.claim("v", lease=60, limit=5) == []
        (second,) = await other.claim("v", lease=60, limit=5, keys=["a"])
        assert (second.doubtful, second.claims, second.worker) == (True, 2, "v")
        assert (second.since, second.until) == (first.since, 1e9)
        assert await ledger.record(first, State.CREATED) is False
        assert await ledger.record(second, State.UNKNOWN, until=2e9)
        found = (await ledger.get(["a"]))["a"]
        assert (found.since, found.until) == (first.since, 2e9)
        (third,) = await other.claim("v", lease=60, keys=["a"])
        assert await other.record(third, State.CREATED)
        found = (await ledger.get(["a"]))["a"]
        assert (found.state, found.since, found.until) == (State.CREATED, None, None)

    async def test_an_attempt_without_an_end_ended_now(self, ledger: Ledger) -> None:
        """`until` is when it was recorded."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        assert await ledger.record(entry, State.UNKNOWN)
        found = (await ledger.get(["a"]))["a"]
        assert found.since is not None
        assert found.until is not None
        assert found.since <= found.until < found.since + self.limit

    async def test_entries_of_some_states(self, ledger: Ledger) -> None:
        """By position, however they came into that state."""
        await ledger.add(items("a", "b", "c", "d", "e"))
        entries = {entry.key: entry for entry in await ledger.claim("w", lease=60, limit=4)}
        for key, state in (("d", State.CREATED), ("a", State.CREATED), ("b", State.UNKNOWN)):
            await ledger.record(entries[key], state)
        for states, keys in (
            ([State.CREATED], "ad"),
            ([State.UNKNOWN, State.CREATED], "abd"),
            ([State.PENDING], "e"),
            ([State.SENDING, State.PENDING], "ce"),
            ([State.REJECTED], ""),
            (list(State), "abcde"),
            ([], "abcde"),
        ):
            assert "".join([entry.key async for entry in ledger.entries(*states)]) == keys

    async def test_entries_of_a_group(self, ledger: Ledger, other: Ledger) -> None:
        """By position, together with states, however they came into these; names that are alike are not mixed up."""
        groups = {"a": "x", "b": "", "c": "x", "d": "xx", "e": "x", "f": "x ", "g": "", "h": "X"}
        await ledger.add([Item(key=key, request=key, group=group) for key, group in groups.items()])
        entries = {entry.key: entry for entry in await ledger.claim("w", lease=60, keys=["c", "d", "e"], limit=3)}
        await ledger.record(entries["e"], State.CREATED)
        for group, states, keys in (
            ("x", [], "ace"),
            ("x", [State.CREATED, State.SENDING], "ce"),
            ("x", [State.PENDING], "a"),
            ("x", [State.UNKNOWN], ""),
            ("", [], "bg"),
            ("xx", [State.SENDING], "d"),
            ("X", [], "h"),
            ("missing", [], ""),
            (None, [State.CREATED, State.SENDING], "cde"),
        ):
            assert "".join([one.key async for one in other.entries(*states, group=group)]) == keys
        assert [one.group async for one in other.entries()] == list(groups.values())

    async def test_many_of_a_group(self, ledger: Ledger) -> None:
        """More than anybody reads in one piece, and none of the others; also where few are in that state."""
        await ledger.add([Item(key=f"k{n}", request="", group=f"group {n % 2}") for n in range(1300)])
        last = [f"k{n}" for n in range(1201, 1300, 2)]
        claimed = await ledger.claim("w", lease=60, limit=100, keys=last)
        assert len(claimed) == 50
        assert [one.key async for one in ledger.entries(group="group 1")] == [f"k{n}" for n in range(1, 1300, 2)]
        assert [one.key async for one in ledger.entries(State.SENDING, group="group 1")] == last
        assert [one async for one in ledger.entries(State.SENDING, group="group 0")] == []

    async def test_many_entries(self, ledger: Ledger, other: Ledger) -> None:
        """More than anybody reads or writes in one piece; those that change meanwhile don't disturb the order."""
        keys = [f"k{n}" for n in range(1300)]
        assert await ledger.add(items(*keys)) == 1300
        seen: list[str] = []
        async for entry in other.entries():
            seen.append(entry.key)
            if len(seen) == 10:
                await ledger.claim("w", lease=60, limit=1200)
        assert seen == keys
        assert len(await other.get(keys)) == 1300
        assert (await ledger.counts())[State.SENDING] == 1200
        assert len(await ledger.claim("v", lease=60, limit=2000, keys=keys)) == 100

    @pytest.mark.parametrize("text", list(_TEXTS.values()), ids=list(_TEXTS))
    async def test_texts_survive_exactly(self, text: str, ledger: Ledger, other: Ledger) -> None:
        """Character for character, wherever they stand."""
        await ledger.add([Item(key=text, request=text, label=text, group=text), *items(f"{text}-")])
        (entry,) = await other.claim(f"w{text}", lease=60)
        assert await other.record(entry, State.CREATED, outcome={text: [text, "\0", "\ud800"]})
        found = (await ledger.get([text, "not this"]))[text]
        assert (found.key, found.request, found.label, found.worker) == (text, text, text, f"w{text}")
        assert found.outcome == {text: [text, "\0", "\ud800"]}
        assert [one.key async for one in other.entries(group=text)] == [text]

    async def test_large_texts(self, ledger: Ledger) -> None:
        """Some megabytes, several at once, and an outcome of the same kind."""
        texts = [f"{n}{'长' * 1_500_000}" for n in range(4)]
        async with asyncio.timeout(self.limit):
            assert await ledger.add([Item(key=f"k{n}", request=text) for n, text in enumerate(texts)]) == 4
            (entry,) = await ledger.claim("w", lease=60, keys=["k2"])
            assert entry.request == texts[2]
            assert await ledger.record(entry, State.CREATED, outcome={"text": texts[3]})
            found = await ledger.get(["k2", "k3"])
        assert [one.request for one in found.values()] == texts[2:]
        assert found["k2"].outcome == {"text": texts[3]}

    @pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 501], ids=["NUL", "half a pair", "long"])
    async def test_keys_that_are_refused(self, text: str, ledger: Ledger) -> None:
        """Before anything is added."""
        with pytest.raises(ConfigurationError):
            await ledger.add([*items("a"), Item(key=text, request="")])
        with pytest.raises(ConfigurationError):
            await ledger.claim(text, lease=60)
        with pytest.raises(ConfigurationError):
            await ledger.claim("w", lease=60, keys=[text])
        with pytest.raises(ConfigurationError):
            await ledger.get([text])
        with pytest.raises(ConfigurationError):
            await ledger.add([*items("a"), Item(key="b", request="", group=text)])
        with pytest.raises(ConfigurationError):
            _ = [one async for one in ledger.entries(group=text)]
        with pytest.raises(ConfigurationError):
            await ledger.record(Entry(key=text, position=0, request="", claims=1), State.CREATED)
        if len(text) < 500:
            with pytest.raises(ConfigurationError) as caught:
                await ledger.add([*items("a"), Item(key="b", request=_SECRET + text)])
            assert _SECRET not in with_variables(caught.value)
        assert (await ledger.counts())[State.PENDING] == 0

    async def test_arguments_that_are_refused(self, ledger: Ledger) -> None:
        """Nothing is changed by them."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        before = await ledger.get(["a"])
        for lease in (0, -1, float("nan"), float("inf"), 10**400):
            with pytest.raises(ConfigurationError):
                await ledger.claim("w", lease=lease)
            with pytest.raises(ConfigurationError):
                await ledger.renew("w", lease=lease)
        with pytest.raises(ConfigurationError):
            await ledger.claim("", lease=60)
        with pytest.raises(ConfigurationError):
            await ledger.claim("w", lease=60, limit=-1)
        with pytest.raises(ConfigurationError):
            await ledger.record(entry, State.SENDING)
        for until in (float("nan"), float("inf"), 10**400):
            with pytest.raises(ConfigurationError):
                await ledger.record(entry, State.UNKNOWN, until=until)
        endless: list[object] = []
        endless.append(endless)
        for outcome in ({"a": float("nan")}, {"a": object()}, {"a": endless}):
            with pytest.raises(ConfigurationError):
                await ledger.record(entry, State.CREATED, outcome=outcome)
        assert await ledger.get(["a"]) == before

    @pytest.mark.parametrize("turns", range(6))
    async def test_a_cancelled_caller_breaks_nothing(self, turns: int, ledger: Ledger, other: Ledger) -> None:
        """What it asked for is done or not, never half; the others go on."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        asked: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(ledger.record(entry, State.CREATED, outcome={"n": 1})),
            asyncio.ensure_future(ledger.add(items("b", "c"))),
            asyncio.ensure_future(ledger.claim("v", lease=60, limit=2)),
        ]
        for _ in range(turns):
            await asyncio.sleep(0)
        for one in asked:
            one.cancel()
        async with asyncio.timeout(self.limit):
            await asyncio.gather(*asked, return_exceptions=True)
            counts = await ledger.counts()
            assert (await other.get(["a"]))["a"].outcome in ({}, {"n": 1})
            assert await other.add(items("b", "c")) in {0, 2}
        assert counts[State.SENDING] + counts[State.CREATED] + counts[State.PENDING] in {1, 3}
        assert sum((await other.counts()).values()) == 3

    async def test_what_a_request_says_is_not_looked_at(self, ledger: Ledger, other: Ledger) -> None:
        """Nor is it an obstacle for other items: whoever sends it finds out."""
        requests = ("5", "[]", "null", "", "no JSON", "[" * 20_000)
        await ledger.add([Item(key=f"k{number}", request=text) for number, text in enumerate(requests)])
        claimed = await other.claim("w", lease=60, limit=10)
        assert [entry.request for entry in claimed] == list(requests)
        assert [entry.request async for entry in ledger.entries()] == list(requests)

    async def test_closing(self, ledger: Ledger, other: Ledger) -> None:
        """Twice is fine, and what is in the ledger stays, claims included."""
        await ledger.add(items("a", "b"))
        (entry,) = await ledger.claim("w", lease=60)
        if ledger is not other:
            await ledger.aclose()
            await ledger.aclose()
        assert [one.key for one in await other.claim("v", lease=60, limit=5)] == ["b"]
        assert await other.record(entry, State.CREATED)

    async def test_a_request_is_shown_nowhere(
        self, ledger: Ledger, other: Ledger, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither by `repr` nor in a log of any level."""
        with caplog.at_level(logging.DEBUG):
            await ledger.add([Item(key="a", request=_SECRET)])
            (entry,) = await other.claim("w", lease=60)
            await other.record(entry, State.CREATED)
            found = [one async for one in ledger.entries()]
        assert found[0].request == _SECRET
        shown = [repr(entry), repr(found), repr(ledger), str(other)]
        logged = [f"{record.getMessage()}{record.__dict__}" for record in caplog.records]
        assert not [text for text in shown + logged if _SECRET in text]

    async def test_what_fails_is_an_error_of_ledgers(self, broken: Ledger) -> None:
        """`LedgerError`, not a driver's own. No request is in it, nor in what it came from or their variables."""
        entry = Entry(key="a", position=0, request=SecretText(_SECRET), claims=1)
        async with asyncio.timeout(self.limit):
            with pytest.raises(LedgerError) as caught:
                await broken.add([Item(key="a", request=SecretText(_SECRET))])
            with pytest.raises(LedgerError):
                await broken.claim("w", lease=60)
            with pytest.raises(LedgerError):
                await broken.renew("w", lease=60)
            with pytest.raises(LedgerError):
                await broken.record(entry, State.CREATED)
            with pytest.raises(LedgerError):
                await broken.get(["a"])
            with pytest.raises(LedgerError):
                await broken.counts()
            with pytest.raises(LedgerError):
                _ = [one async for one in broken.entries()]
            with suppress(LedgerError):
                await broken.aclose()
        assert _SECRET not in with_variables(caught.value)
