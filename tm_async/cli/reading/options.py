"""How a file of rows is to be read, where its user has a choice."""

from attrs import frozen

__all__ = ["Options"]


@frozen(kw_only=True)
class Options:
    """What the command line says about a file."""

    ignore_unknown: bool = False
    """Pass by columns and members that no request has."""
    time_zone: str | None = None
    """Of every row that names none itself."""
    sheet: str | None = None
    """Of a workbook; `None`: the first one that is visible."""
