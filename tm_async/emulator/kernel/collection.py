"""`Collection`: things of one kind with a key, and with values that only one of them may have."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Generic, TypeVar, cast

from attrs import AttrsInstance, asdict

from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["Collection"]

RecordT = TypeVar("RecordT")


class Collection(Mapping[str, RecordT], Generic[RecordT]):
    """Records by key, in order of their creation. Records are attrs values and never change; `put` replaces one."""

    record: ClassVar[type]
    key: ClassVar[str]
    """The attribute that is the key."""
    unknown: ClassVar[int]
    """The code for a key that nothing has."""
    taken: ClassVar[int]
    """The code for a key that something has already."""
    unique: ClassVar[Mapping[str, int]] = {}
    """Attributes of which no two records may have the same value, with the code for one that is taken."""
    named_by: ClassVar[Mapping[str, str]] = {}
    """Parameters of requests that name a record, with the attribute of it that they hold."""

    def __init__(self, records: Iterable[RecordT] = ()) -> None:
        self._records: dict[str, RecordT] = {}
        self._keys: dict[tuple[str, str], str] = {}
        """By attribute and value, for what is unique."""
        for record in records:
            self.put(record)

    def __getitem__(self, key: str) -> RecordT:
        return self._records[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def add(self, record: RecordT) -> RecordT:
        """Let one more record exist; refused where its key or a unique value is taken."""
        key = str(getattr(record, self.key))
        if key in self._records:
            raise Refused(self.taken, f"{self.key} {key[:64]!r} exists already")
        return self.put(record)

    def put(self, record: RecordT) -> RecordT:
        """Put a record in the place of the one with the same key, if there is one; unique values stay so."""
        key = str(getattr(record, self.key))
        values = {(name, value) for name in self.unique if (value := getattr(record, name))}
        for name, value in sorted(values):
            if self._keys.get((name, value), key) != key:
                raise Refused(self.unique[name], f"{name} is that of another")
        self._forget(key)
        self._keys |= dict.fromkeys(values, key)
        self._records[key] = record
        return record

    def remove(self, key: str) -> RecordT:
        """Take a record out, and with it what was unique of it."""
        self._forget(key)
        return self._records.pop(key)

    def _forget(self, key: str) -> None:
        if (old := self._records.get(key)) is not None:
            for name in self.unique:
                self._keys.pop((name, getattr(old, name)), None)

    def find(self, value: str, name: str | None = None, unknown: int | None = None) -> RecordT:
        """The record with this key, or with this value of a unique attribute; else the code `unknown`."""
        key = value if name in {None, self.key} else self._keys.get((name or "", value), "")
        found = self._records.get(key)
        if found is None:
            raise Refused(unknown or self.unknown, f"{name or self.key} {value[:64]!r} is not known")
        return found

    def show(self, record: RecordT) -> View:
        """Everything that answers may show of a record."""
        return View(asdict(cast("AttrsInstance", record), recurse=False))
