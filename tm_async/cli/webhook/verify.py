"""`tm-async webhook verify`: why a saved request is refused."""

import sys
import time
from typing import BinaryIO

import click

from tm_async.cli.speaking import Command
from tm_async.cli.webhook.diagnosis import diagnose
from tm_async.cli.webhook.rawhttp import read_request
from tm_async.cli.webhook.steps import show
from tm_async.webhooks.keys import WebhookKeys

__all__ = ["verify"]


@click.command(cls=Command, short_help="Find out why a request is refused.")
@click.argument("source", metavar="FILE", type=click.File("rb"), default="-")
def verify(source: BinaryIO) -> None:
    """Look at a saved request step by step, and say which step fails and what the likely mistake is.

    FILE, or standard input, has the headers, an empty line and the body as they came, or raw HTTP with its request
    line; a GET needs that for its query. The exit code is 1 if the request is refused.
    """
    steps = diagnose(WebhookKeys.from_env(), read_request(source.read()), time.time())
    show(steps)
    sys.exit(0 if all(step.good for step in steps) else 1)
