"""`tm-async webhook check`: what the platform does when somebody saves an address, done beforehand."""

import asyncio
import secrets
import sys

import click
from attrs import evolve

from tm_async.cli.speaking import Command
from tm_async.cli.webhook.posting import Posted, Poster
from tm_async.cli.webhook.steps import Step, show
from tm_async.cli.words import spoken
from tm_async.webhooks.events.samples import sample_envelope
from tm_async.webhooks.keys import WebhookKey, WebhookKeys
from tm_async.webhooks.sending import check_request, delivery_request

__all__ = ["check"]

_DEADLINE = 3.0
"""Seconds that the platform waits for the challenge."""
_PATIENCE = 10.0
"""Seconds that we wait, to be able to say how long it takes."""


@click.command(cls=Command, short_help="Check an address as the platform does.")
@click.argument("url", metavar="URL")
def check(url: str) -> None:
    """Check an address as the platform does before it takes it: "code:10002" on the console means that this failed.

    Asks for a challenge (GET), which has to be answered within 3 seconds with exactly its text, without a redirect;
    then sends a delivery with a wrong signature (POST), which has to be refused. No handler of yours runs.
    """
    steps = asyncio.run(_look(WebhookKeys.from_env().current, url))
    show(steps)
    sys.exit(0 if all(step.good for step in steps) else 1)


async def _look(key: WebhookKey, url: str) -> list[Step]:
    challenge = f"check-{secrets.token_hex(8)}"
    forged = delivery_request(key, sample_envelope("meeting.end"))
    forged = evolve(
        forged, headers=tuple((name, "0" * 40 if name == "signature" else value) for name, value in forged.headers)
    )
    async with Poster(url) as poster:
        got = await poster.post(check_request(key, challenge), _PATIENCE)
        refused = await poster.post(forged, _PATIENCE)
    return [*_of_the_challenge(got, challenge.encode()), _of_the_forgery(refused)]


def _of_the_challenge(got: Posted, challenge: bytes) -> list[Step]:
    if got.status is None:
        return [Step("GET", False, spoken("no answer: {why}", why=got.trouble))]
    if got.redirects:
        return [Step("GET", False, got.trouble)]
    if got.status != 200:
        text = "HTTP {status}, not 200"
        if got.status in {400, 401, 403}:
            text = "HTTP {status}, not 200; other keys, or the + of the query became a space?"
        return [Step("GET", False, spoken(text, status=got.status))]
    exact = got.body == challenge
    said = spoken("the challenge's text, exactly") if exact else _wrong_text(got.body, challenge)
    quick, milliseconds = got.seconds <= _DEADLINE, round(got.seconds * 1000)
    took = f"{milliseconds} ms" if quick else spoken("{count} ms; it has 3 s", count=milliseconds)
    return [Step("GET", exact, said), Step(spoken("time"), quick, took)]


def _wrong_text(body: bytes, challenge: bytes) -> str:
    if challenge not in body:
        return spoken("another text than the challenge's" if body else "an empty body")
    if body.strip() == challenge:
        return spoken("the challenge's text, but with white space around it")
    if body.strip() == b'"' + challenge + b'"':
        return spoken("the challenge's text, but with quotes around it")
    return spoken("the challenge's text, but with more around it")


def _of_the_forgery(got: Posted) -> Step:
    if got.status is None:
        return Step("POST", False, spoken("no answer: {why}", why=got.trouble))
    if 200 <= got.status < 300:
        text = "HTTP {status} to a wrong signature: anybody can send you events"
        return Step("POST", False, spoken(text, status=got.status))
    if got.status in {404, 405} or got.redirects or got.status >= 500:
        text = "HTTP {status}: GET and POST have to be served at one address"
        return Step("POST", False, spoken(text, status=got.status))
    return Step("POST", True, spoken("a wrong signature is refused (HTTP {status})", status=got.status))
