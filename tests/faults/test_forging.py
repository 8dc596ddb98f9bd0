"""The forgeries are real ones: what they do would get past a receiver that is less strict."""

import json
from collections import Counter
from random import Random

from attrs import evolve

from tests.faults.forging import KINDS, Base, bases, forged
from tm_async.webhooks import WebhookKey
from tm_async.webhooks.sending import delivery_request

TOKEN = "A" * 25
"""Sorts behind the digits and before the data, so that the data is what comes last."""


def recorded() -> Base:
    plain = next(base for base in bases() if not base.keys.encrypts)
    key = WebhookKey(TOKEN)
    sent = delivery_request(key, plain.envelope, timestamp="1760000000", nonce="12345678")
    data = json.loads(sent.body)["data"]
    return evolve(
        plain,
        key=key,
        timestamp="1760000000",
        nonce="12345678",
        data=data,
        signature=key.sign("1760000000", "12345678", data),
    )


def test_a_length_extension_has_a_good_signature() -> None:
    from hashlib import sha1

    base = recorded()
    for seed in range(20):
        made = KINDS["length extension"](Random(seed), base, base, bases())  # type: ignore[arg-type]
        assert made.data.startswith(base.data)
        assert len(made.data) > len(base.data) + 9
        joined = f"{made.nonce}{made.timestamp}{TOKEN}{made.data}".encode("latin-1")
        assert sha1(joined, usedforsecurity=False).hexdigest() == made.signature


def test_some_boundaries_leave_the_signature_good() -> None:
    base = recorded()
    made = [KINDS["boundaries"](Random(seed), base, base, [base]) for seed in range(200)]  # type: ignore[arg-type]
    good = [one for one in made if base.key.sign(one.timestamp, one.nonce, one.data) == one.signature]
    assert len(good) > 10


def test_every_kind_is_made() -> None:
    all_of_them = bases()
    kinds = Counter(forged(Random(seed), all_of_them[seed % len(all_of_them)], all_of_them).kind for seed in range(600))
    assert {kind.partition(",")[0] for kind in kinds} == set(KINDS)
