"""`tm-async recordings download` survives `kill -9`: every file whole, and nothing that came is fetched again.

The command fetches many files of few names, and is killed at a random moment after a random number of them. What is in
the directory then is written down; the next run must ask for no file that is whole, and go on with the others from
where they are. The last run is not killed: then all files are compared with what the emulator serves.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from attrs import define, field, frozen

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import ROOT
from tests.faults.harness import silent
from tm_async.cli.recordings.manifest import MANIFEST
from tm_async.emulator import Emulator
from tm_async.emulator.chapters.recordings.content import content
from tm_async.emulator.chapters.recordings.serving import PREFIX, Files

SMALL, LARGE = (1, 300_000), (3_000_000, 6_000_000)
"""Bytes; every fifth is large, so that kills meet it on its way: it is written a MiB at a time."""
SUBJECTS = ("Weekly", "weekly", "../up", "会议" * 60, "NUL")
PATIENCE = 120.0


@frozen
class Scale:
    """Files, and kills."""

    files: int
    kills: int
    within: float
    """Seconds after a file that was fetched, within which it is killed."""


FULL, QUICK = Scale(200, 20, 0.3), Scale(24, 3, 0.03)


@define
class Seen:
    """One directory."""

    sizes: dict[str, int]
    """Of each file of a recording, as it is served."""
    killed: int = 0
    gone_on: int = 0
    """Requests from within a file."""
    problems: list[str] = field(factory=list[str])
    names: dict[str, str] = field(factory=dict[str, str])
    came: dict[str, int] = field(factory=dict[str, int])
    """Bytes of each file that are in the directory."""
    asked: dict[str, list[int]] = field(factory=lambda: defaultdict[str, list[int]](list))
    """Where the requests of this run began."""

    def look(self, folder: Path) -> None:
        """Write down what is there; the requests of the run that ended must fit what was there before."""
        for file, starts in self.asked.items():
            before = self.came.get(file, 0)
            if before == self.sizes[file] or starts != [before]:
                self.problems.append(f"{file}: {before} of {self.sizes[file]} bytes were there, asked from {starts}")
            self.gone_on += bool(before)
        self.asked.clear()
        for line in _whole_lines(folder / MANIFEST):
            entry = json.loads(line)
            file, name = entry["record_file_id"], entry["name"]
            if self.names.setdefault(file, name) != name:
                self.problems.append(f"{file}: its name was {self.names[file]}, and is {name}")
            part = folder / f"{name}.part"
            there = folder / name if (folder / name).exists() else part
            self.came[file] = there.stat().st_size if there.exists() else 0
            if there != part and self.came[file] != self.sizes[file]:
                self.problems.append(f"{name}: half a file under its name")


def _whole_lines(path: Path) -> list[bytes]:
    data = path.read_bytes() if path.exists() else b""
    return data[: data.rfind(b"\n") + 1].splitlines()


async def run(plan: Plan) -> Figure:
    """Some directories, each with a seed of its own."""
    scale = QUICK if plan.quick else FULL
    with silent("asyncio"):  # the emulator's, about clients that are gone
        seen = {seed: await _directory(seed, scale) for seed in plan.seeds(1, quick=1, full=5)}
    failures = [f"--seed {seed}: {problem}" for seed, one in seen.items() for problem in one.problems]
    killed, gone_on = (sum(getattr(one, name) for one in seen.values()) for name in ("killed", "gone_on"))
    return Figure(
        promise="recordings",
        wanted="every file whole, nothing fetched twice",
        measured=f"{len(failures)} wrong of {len(seen) * scale.files} files, killed {killed} times in all",
        ok=not failures,
        failures=failures,
        details=[f"{gone_on} times a file was gone on with from where it was"],
    )


async def _directory(seed: int, scale: Scale) -> Seen:
    rng = Random(f"recordings {seed}")
    async with Emulator(seed=seed) as emulator:
        sizes = dict(_recording(emulator, rng) for _ in range(scale.files))
        seen = Seen(sizes)
        answer = Files._answer

        def noted(files: Files, scope: Any) -> Any:
            start = dict(scope["headers"]).get(b"range", b"bytes=0-").removeprefix(b"bytes=").removesuffix(b"-")
            seen.asked[scope["path"].removeprefix(PREFIX).partition(".")[0]].append(int(start))
            return answer(files, scope)

        with TemporaryDirectory() as name, patch.object(Files, "_answer", noted):
            folder = Path(name)
            for _ in range(scale.kills):
                process = await _start(emulator, folder)
                seen.killed += await _killed(
                    process, rng.randint(0, scale.files // scale.kills), rng.random() * scale.within
                )
                seen.look(folder)
            process = await _start(emulator, folder)
            output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
            seen.look(folder)
            _compare(seen, folder, process.returncode, output)
    if seen.killed < scale.kills // 3:
        seen.problems.append(f"only {seen.killed} of {scale.kills} kills hit a running process")
    return seen


def _recording(emulator: Emulator, rng: Random) -> tuple[str, int]:
    size = rng.randrange(*(SMALL if rng.randrange(5) else LARGE))
    return emulator.recordings.add("tester", subject=rng.choice(SUBJECTS), size=size).id, size


async def _start(emulator: Emulator, folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tm_async", "recordings", "download", "--user", "tester", "--to", str(folder)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | emulator.env | {"TENCENT_MEETING_QUOTAS": "off"},
    )


async def _killed(process: asyncio.subprocess.Process, after: int, moment: float) -> bool:
    """Kill it so many seconds after so many files that it fetched; whether it was still there."""
    assert process.stdout is not None
    while after and (line := await process.stdout.readline()):
        after -= json.loads(line)["status"] == "saved"
    await asyncio.sleep(moment)
    running = process.returncode is None
    if running:
        process.kill()
    await process.communicate()
    return running and process.returncode != 0


def _compare(seen: Seen, folder: Path, code: int | None, output: bytes) -> None:
    """All files are there, by what the emulator serves, and the last run said so."""
    for file, size in seen.sizes.items():
        path = folder / seen.names.get(file, "missing")
        if not path.exists() or path.read_bytes() != b"".join(content(f"{file}.mp4", size, 0, size)):
            seen.problems.append(f"{file}: {path.name} is not the file")
    left = len(list(folder.iterdir())) - len(seen.sizes) - 1
    if code or left or len(output.splitlines()) != len(seen.sizes):
        seen.problems.append(f"the last run ended with {code}, {left} files too many")
