"""The command `tm-async` (extra `cli`). Nothing else of the package imports this."""

import sys
from io import TextIOWrapper

__all__ = ["main"]

_OF_THE_EXTRA = {"click", "rich", "starlette", "uvicorn", "httptools", "python_calamine", "xlsxwriter"}


def main() -> None:
    """Run the command. Without its extra: say so in one line, exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a Chinese subject on an ASCII terminal is no crash
    try:
        from tm_async.cli.app import app

        app(prog_name="tm-async")
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _OF_THE_EXTRA:
            raise
        sys.stderr.write("This command needs the extra: pip install 'tm-async[cli]'\n")
        sys.exit(2)
