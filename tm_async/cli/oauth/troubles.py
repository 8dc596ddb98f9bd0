"""What goes wrong with a user's authorisation, in one line for people."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

import click

from tm_async.cli.words import printable, spoken, spoken_error
from tm_async.errors import ConfigurationError, TencentMeetingError

__all__ = ["one_line_errors", "warnings_shown"]


@contextmanager
def one_line_errors() -> Generator[None, None, None]:
    """Exit code 1 and one line on standard error; wrong configuration stays what it is (exit code 2)."""
    try:
        yield
    except ConfigurationError:
        raise
    except TencentMeetingError as error:
        raise click.ClickException(spoken_error(error)) from error


@contextmanager
def warnings_shown() -> Generator[None, None, None]:
    """What the token store warns of meanwhile, such as entries that it leaves out, on standard error."""
    logger, handler = logging.getLogger("tm_async.auth"), _Shown(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Shown(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        click.echo(printable(spoken("Warning: {message}", message=record.getMessage())), err=True)
