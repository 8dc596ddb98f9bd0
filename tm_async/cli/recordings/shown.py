"""What is seen of recordings and their downloads: a table and bars on a terminal."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Column, Table
from rich.text import Text

from tm_async.api.recordings import Progress, Recording, RecordingState
from tm_async.cli.recordings.fetching import Became, Watcher
from tm_async.cli.recordings.finding import Wanted, size_of
from tm_async.cli.words import printable, spoken

__all__ = ["called", "show_recordings", "shown_downloads"]

_WIDEST = 40
"""Columns of a name beside a bar."""
_LONGEST = 60
"""Characters of a subject in a line."""


def show_recordings(console: Console, found: Sequence[Recording]) -> None:
    """Print the recordings."""
    caption = spoken("{count} recordings, {size}", count=len(found), size=decimal(sum(map(size_of, found))))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, caption=caption)
    for heading in (spoken("Start"), spoken("Subject"), spoken("Code"), spoken("State")):
        table.add_column(heading, overflow="fold")
    for heading in (spoken("Files"), spoken("Size")):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        start = f"{one.media_start_time.astimezone():%Y-%m-%d %H:%M}" if one.media_start_time else "-"
        texts = (start, one.subject or "-", one.meeting_code or "-", _state(one.state), str(len(one.record_files)))
        table.add_row(*(Text(printable(text)) for text in texts), Text(decimal(size_of(one))))
    console.print(table)


def _state(state: RecordingState | None) -> str:
    words = {
        RecordingState.RECORDING: spoken("recording"),
        RecordingState.TRANSCODING: spoken("transcoding"),
        RecordingState.DONE: spoken("done"),
    }
    return "-" if state is None else words.get(state, str(int(state)))


def called(wanted: Wanted) -> str:
    """What people know it by."""
    start = f"{wanted.start:%Y-%m-%d %H:%M} " if wanted.start else ""
    number = f" {wanted.record_file_id}" if wanted.record_file_id else ""
    subject = wanted.recording.subject
    shown = subject if len(subject) <= _LONGEST else f"{subject[: _LONGEST - 1]}…"
    return f"{start}{shown} ({wanted.kind}{number})"


Watch = Callable[[Wanted], Watcher]
Done = Callable[[Became], object]


@contextmanager
def shown_downloads(total: int, done: Done, console: Console | None = None) -> Generator[tuple[Watch, Done]]:
    """Who is told of downloads: a bar for each that is under way, and one for all; nothing elsewhere."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: _nobody, done
        return
    name = TextColumn("{task.description}", markup=False, table_column=Column(max_width=_WIDEST, no_wrap=True))
    with Bars(name, BarColumn(), TextColumn("{task.fields[far]}"), TimeRemainingColumn(), console=console) as bars:
        everything = bars.add_task(spoken("Downloading"), total=total, far=f"0/{total:,}")
        tasks: dict[tuple[str, str], TaskID] = {}
        ended = 0

        def watch(one: Wanted) -> Watcher:
            tasks[one.key] = task = bars.add_task(printable(called(one)), total=None, far="")
            return lambda seen: bars.update(task, completed=seen.received, total=seen.total, far=_far(seen))

        def end(became: Became) -> None:
            nonlocal ended
            ended += 1
            task = tasks.pop(became.wanted.key, None)
            if task is not None:
                bars.remove_task(task)
            bars.update(everything, completed=ended, far=f"{ended:,}/{total:,}")
            done(became)

        yield watch, end


def _far(seen: Progress) -> str:
    return decimal(seen.received) if seen.total is None else f"{decimal(seen.received)} / {decimal(seen.total)}"


def _nobody(_: Progress) -> None:
    """Nobody looks."""
