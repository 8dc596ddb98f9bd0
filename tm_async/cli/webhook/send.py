"""`tm-async webhook send`: a sample of an event, signed and encrypted, to a receiver or to standard output."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

import click
from attrs import evolve

from tm_async.cli.show import json_line
from tm_async.cli.speaking import Command
from tm_async.cli.webhook.posting import Poster
from tm_async.cli.words import spoken
from tm_async.core.wire import is_array, is_object
from tm_async.webhooks.events.names import CLASSES
from tm_async.webhooks.events.samples import placed, sample_envelope
from tm_async.webhooks.keys import WebhookKeys
from tm_async.webhooks.sending import Outgoing, delivery_request

__all__ = ["send"]


def _begun(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    return [name for name in CLASSES if name.startswith(begun)]


@click.command(cls=Command, short_help="Send a sample of an event.")
@click.argument("event", metavar="EVENT", shell_complete=_begun)
@click.option("--set", "changes", metavar="PATH=VALUE", multiple=True, help="Change a member; may be repeated.")
@click.option("--to", "url", metavar="URL", help="Send it there. Without: print the request.")
@click.option(
    "--duplicate", type=click.IntRange(1, 1000), default=1, metavar="N", help="Send it N times, as retries do."
)
@click.option("--plain", is_flag=True, help="Not encrypted, although there is an AES key.")
@click.option("--wrong-signature", is_flag=True, help="With a signature that does not fit.")
def send(
    event: str, changes: tuple[str, ...], url: str | None, duplicate: int, plain: bool, wrong_signature: bool
) -> None:
    """Send a sample of EVENT, such as meeting.end, as the platform would, happening now.

    PATH begins in the first item of the payload, meeting_info.subject for example, or with "envelope." beside it.
    VALUE is JSON, or text where it is none or where the sample has text. Prints one JSON line for each answer; the exit
    code is 1 unless all of them acknowledge the event. Without --to it prints the request, for
    "tm-async webhook verify" for example.
    """
    key = WebhookKeys.from_env().current
    envelope = sample_envelope(event)
    _happens_now(envelope["payload"][0])
    for change in changes:
        _change(envelope, change)
    sent = delivery_request(key, envelope, plain=plain)
    if wrong_signature:
        sent = evolve(sent, headers=tuple(_spoilt(*line) for line in sent.headers))
    if url is None:
        click.echo(_as_text(sent), nl=False)
        return
    acknowledged = asyncio.run(_deliver(sent, url, duplicate))
    sys.exit(0 if acknowledged else 1)


async def _deliver(sent: Outgoing, url: str, times: int) -> bool:
    good = True
    async with Poster(url) as poster:
        for _ in range(times):
            got = await poster.post(sent)
            good = good and got.accepted
            line: dict[str, object] = {"status": got.status, "acknowledged": got.accepted}
            click.echo(json_line({**line, "seconds": round(got.seconds, 3), "trouble": got.trouble or None}), nl=False)
    return good


def _happens_now(item: dict[str, Any]) -> None:
    """`operate_time` in the form that the sample has: milliseconds or seconds, a number or text."""
    sample = item.get("operate_time")
    if sample is not None:
        moment = time.time_ns() // (10**6 if len(str(sample)) == 13 else 10**9)
        item["operate_time"] = str(moment) if isinstance(sample, str) else moment


def _change(envelope: dict[str, Any], change: str) -> None:
    path, equals, text = change.partition("=")
    if not equals or not path:
        raise click.UsageError(spoken("--set takes PATH=VALUE, not {given!r}", given=change))
    before = _there(envelope, path.split("."))
    try:
        value: object = text if isinstance(before, str) else json.loads(text)
    except (ValueError, RecursionError):
        value = text
    placed(envelope, path, value)
    if type(value) is not type(before):
        text = "the sample has no {path}" if before is None else "in the sample {path} is of another type"
        click.echo(spoken("Warning: {message}", message=spoken(text, path=path)), err=True)


def _there(envelope: dict[str, Any], steps: Sequence[str]) -> object:
    found: Any = envelope if steps[0] == "envelope" else envelope["payload"][0]
    for step in steps[1:] if steps[0] == "envelope" else steps:
        if is_object(found):
            found = found.get(step)
        else:
            found = found[int(step)] if is_array(found) and step.isdecimal() and int(step) < len(found) else None
    return found


def _spoilt(name: str, value: str) -> tuple[str, str]:
    if name != "signature":
        return name, value
    return name, ("1" if value[0] == "0" else "0") + value[1:]


def _as_text(sent: Outgoing) -> bytes:
    lines = [f"{sent.method} / HTTP/1.1", *(f"{name}: {value}" for name, value in sent.headers)]
    return "\r\n".join([*lines, "", ""]).encode() + sent.body + b"\n"
