"""What AI made of a file, as Markdown."""

from datetime import timedelta

from tm_async.api.recordings import Chapter, Notes, SpokenBy, Topic, clock_time

TODO = ["1. send it", "- [ ] call *Bob*", "", "plain"]


def test_sections_that_are_there() -> None:
    notes = Notes(
        summary="All good.",
        todos=("send it",),
        chapters=(Chapter(chapter_name="A*b", start_time=61_000), Chapter(chapter_name="no\ntime")),
        topics=(Topic(topic_name="T"),),
        speakers=(SpokenBy(speaker_name="Alice", total_time=3_600_000),),
    )
    assert notes.to_markdown() == (
        "## Summary\n\nAll good.\n\n"
        "## To do\n\n- [ ] send it\n\n"
        "## Chapters\n\n- 00:01:01 A\\*b\n- --:--:-- no time\n\n"
        "## Topics\n\n- --:--:-- T\n\n"
        "## Speakers\n\n- Alice (01:00:00)\n"
    )
    assert Notes().to_markdown() == "\n"


def test_times_beyond_a_day() -> None:
    assert clock_time(timedelta(days=5, seconds=1)) == "120:00:01"
