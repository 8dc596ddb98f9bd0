"""A file that is fetched is the file that there is, or there is none under its name, whatever the server does."""

import hashlib
import os
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from tests.faults.figure import Figure, Plan
from tests.faults.files import FileServer, Harm
from tests.faults.harness import in_parallel
from tm_async.api.recordings import Download, FileAddresses, RecordingSource, download
from tm_async.errors import DownloadFailed
from tm_async.transport.protocol import Timeout

SIZE = 300_000
BLOCK = 4_096
"""Bytes that are written at a time, so that a file has many blocks; else it is a MiB."""
IN_FLIGHT = 8
HARMS = tuple(harm for harm in Harm if harm not in (Harm.NONE, Harm.MOVED, Harm.UNASKED, Harm.EARLY))


class Addresses:
    """The client, as far as downloads know it: whoever asks gets a fresh address."""

    timeout = Timeout(connect=2, read=2, write=2)

    def __init__(self, origin: str) -> None:
        self.origin, self.given, self.address = origin, 0, ""

    async def send(self, operation: Any) -> Any:
        self.given += 1
        return FileAddresses.from_wire({"download_address": self.address or f"{self.origin}/file?sign={self.given}"})


async def _at_once(seconds: float) -> None:
    assert seconds <= 30


async def _case(seed: int, folder: Path) -> tuple[str, str | None]:
    """What became of one file, and what is wrong with that."""
    rng = Random(seed)
    harms = [HARMS[seed % len(HARMS)], *rng.choices((Harm.NONE, *HARMS), k=rng.randrange(8))]
    to = folder / f"{seed}.mp4"
    async with FileServer(rng.randbytes(rng.randrange(1, SIZE)), harms, seed, tags=rng.random() < 0.8) as server:
        source = RecordingSource(record_file_id=str(seed), operator_id="tester")
        download = Download(Addresses(server.origin), source, to, sleep=_at_once)
        try:
            async with download:
                pass
        except DownloadFailed:
            return "refused", f"--seed {seed}: it failed, and is there" if to.exists() else None
        got = to.read_bytes()
        to.unlink()
        wrong = hashlib.sha256(got).digest() != hashlib.sha256(server.data).digest()
        if wrong and not server.tags and server.version:
            return "changed without a tag", None  # of the same length, and nothing tells one from the other
        return "equal", f"--seed {seed}: {harms}: not the file" if wrong else None


async def run(plan: Plan) -> Figure:
    """Every seed a file of its own, whose first answer is harmed, and more of them by chance."""
    told, failures = Counter[str](), list[str]()
    seeds = plan.seeds(1_000, quick=60)
    with TemporaryDirectory() as folder, patch.object(download, "_BLOCK", BLOCK):

        async def one(seed: int) -> None:
            what, wrong = await _case(seed, Path(folder))
            told[what] += 1
            failures.extend([wrong] if wrong else [])

        await in_parallel(seeds, IN_FLIGHT, one)
        left = [name for name in os.listdir(folder) if not name.endswith((".part", ".part.json"))]
    failures += [f"left over under its name: {name}" for name in left]
    return Figure(
        promise="downloads",
        wanted="every file equal by hash, or an error and no file",
        measured=f"{len(failures)} wrong of {told.total():,} files, {told['equal']:,} equal",
        ok=not failures and told.total() == len(seeds),
        failures=failures,
        details=["ended: " + ", ".join(f"{what} {count:,}" for what, count in told.most_common())],
    )
