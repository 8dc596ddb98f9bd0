"""Errors of fetching a file."""

from tm_async.errors.base import TencentMeetingError

__all__ = ["AddressRefused", "DownloadFailed", "FileAbsent"]


class DownloadFailed(TencentMeetingError):
    """A file could not be fetched whole, or not be written. Nothing stands under its final name.

    What came so far is kept beside it (`.part`), and the next attempt goes on from there, where that can be trusted.
    """


class AddressRefused(DownloadFailed):
    """An address that an answer named leads where no file of the platform is: another scheme, a private network."""


class FileAbsent(DownloadFailed):
    """There is nothing of this kind: not allowed (`allow_download`), not there yet, or not given with OAuth2."""
