"""`tm-async webhook check`: what the platform does when somebody saves an address, done beforehand."""

import asyncio
import secrets
import sys

import click
from attrs import evolve

from tm_async.cli.webhook.posting import Posted, Poster
from tm_async.cli.webhook.steps import Step, show
from tm_async.webhooks.events.samples import sample_envelope
from tm_async.webhooks.keys import WebhookKey, WebhookKeys
from tm_async.webhooks.sending import check_request, delivery_request

__all__ = ["check"]

_DEADLINE = 3.0
"""Seconds that the platform waits for the challenge."""
_PATIENCE = 10.0
"""Seconds that we wait, to be able to say how long it takes."""


@click.command()
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
        return [Step("GET", False, f"no answer: {got.trouble}")]
    if 300 <= got.status < 400:
        return [Step("GET", False, f"redirects ({got.status}) to {got.location}; the platform does not follow")]
    if got.status != 200:
        hint = "; other keys, or the + of the query became a space?" if got.status in {400, 401, 403} else ""
        return [Step("GET", False, f"HTTP {got.status}, not 200{hint}")]
    text = got.body == challenge
    said = "the challenge's text, exactly" if text else _wrong_text(got.body, challenge)
    quick = got.seconds <= _DEADLINE
    return [
        Step("GET", text, said),
        Step("time", quick, f"{got.seconds * 1000:.0f} ms" + ("" if quick else f"; it has {_DEADLINE:g} s")),
    ]


def _wrong_text(body: bytes, challenge: bytes) -> str:
    if challenge in body:
        extra = {b'"' + challenge + b'"': "quotes", challenge: "white space"}.get(body.strip(), "more")
        return f"the challenge's text, but with {extra} around it"
    return "another text than the challenge's" if body else "an empty body"


def _of_the_forgery(got: Posted) -> Step:
    if got.status is None:
        return Step("POST", False, f"no answer: {got.trouble}")
    if 200 <= got.status < 300:
        return Step("POST", False, f"HTTP {got.status} to a wrong signature: anybody can send you events")
    if got.status in {404, 405} or 300 <= got.status < 400 or got.status >= 500:
        return Step("POST", False, f"HTTP {got.status}: GET and POST have to be served at one address")
    return Step("POST", True, f"a wrong signature is refused (HTTP {got.status})")
