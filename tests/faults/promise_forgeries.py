"""What the platform never sent is never taken for an event, and no challenge gives away what is encrypted.

A request counts as accepted if what comes out of it was not in the delivery that it was made from. Where the same
content comes again under another cut of nonce and timestamp, no receiver can tell: it has the content key of the
original, so an inbox answers it and handles nothing. These are counted apart.
"""

import sys
from collections import Counter
from random import Random

from tests.faults.figure import Figure, Plan
from tests.faults.forging import NOW, Base, Forged, bases, forged
from tm_async.webhooks import Challenge, Delivery, Refused, receive
from tm_async.webhooks.delivery import content_key

_SHOWN = 100_000


async def run(plan: Plan) -> Figure:
    """Each kind of forgery, at random, to rings of each kind."""
    recorded = bases()
    failures = [f"not accepted as recorded: {base.envelope['event']}" for base in recorded if not _good(base)]
    again = 0
    reasons: Counter[str] = Counter()
    seeds = plan.seeds(1_000_000, quick=4_000)
    for seed in seeds:
        rng = Random(seed)
        base = rng.choice(recorded)
        made = forged(rng, base, recorded)
        try:
            verdict = _verdict(base, made)
        except Exception as error:  # noqa: BLE001 - these are looked for, too
            verdict = f"{type(error).__name__}: {error}"
        if verdict == "again":
            again += 1
        elif isinstance(verdict, Refused):
            reasons[verdict.reason.name] += 1
        else:
            failures.append(f"--seed {seed}: {made.kind}: {verdict}")
        if not plan.quick and (seed + 1) % _SHOWN == 0:
            print(f"{seed + 1:,} mutants, {len(failures)} accepted", file=sys.stderr, flush=True)
    refused = ", ".join(f"{name} {count:,}" for name, count in reasons.most_common())
    return Figure(
        promise="forgeries",
        wanted="0 accepted",
        measured=f"{len(failures)} accepted of {len(seeds):,} mutants",
        ok=not failures,
        failures=failures,
        details=[
            f"refused: {refused}",
            f"{again:,} had the original's content, changed in nothing or cut differently between nonce and timestamp: "
            "all have the original's content key",
        ],
    )


def _verdict(base: Base, made: Forged) -> "Refused | str":
    found = receive(base.keys, made.method, made.query_string, made.headers, made.body, NOW)
    if isinstance(found, Refused):
        return found
    if isinstance(found, Challenge):
        return "a challenge was answered"
    envelope = base.envelope
    same = found.key == content_key(envelope["event"], envelope["trace_id"], envelope["payload"])
    return "again" if same else f"accepted {found.event}"


def _good(base: Base) -> bool:
    headers = (("timestamp", base.timestamp), ("nonce", base.nonce), ("signature", base.signature))
    body = b'{"data":"' + base.data.encode() + b'"}'
    return isinstance(receive(base.keys, "POST", "", headers, body, NOW), Delivery)
