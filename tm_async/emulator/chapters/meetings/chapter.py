"""The chapter "meetings", in which its modules say what its operations do."""

from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.chapter import Chapter

__all__ = ["meetings"]

meetings: Chapter[Meeting] = Chapter("meetings")
