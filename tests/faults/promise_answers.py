"""Whatever comes back: a result, or an error of this package. Nothing else, and no result that can't be looked at."""

import contextlib
import io
import json
from collections import defaultdict
from random import Random
from typing import Any

from attrs import evolve

from tests.curious import CANARY, read_everything, secret_names, with_canaries
from tests.faults.figure import Figure, Plan
from tests.faults.mutation import mutated
from tests.faults.recording import recorded
from tests.unit.api.playing import Nobody
from tm_async import TencentMeeting
from tm_async.api.index import operations
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.core.operation import Operation
from tm_async.core.paging import PagedOperation, Paginator
from tm_async.core.parse import parse
from tm_async.errors import TencentMeetingError
from tm_async.spec.sample import sample
from tm_async.transport import Timeout

STATUSES = (200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 502, 503, 599)
TRACES = ("", "t1", "\x00", "x" * 5000, "é")
PAGES, LIMIT = 10, 30
"""Pages of a list that differ; how many may be asked for until it has to be noticed that they don't any more."""


async def run(plan: Plan) -> Figure:
    """Mutated answers of all operations in turn, through the client; every other time as the pages of a list."""
    with contextlib.redirect_stdout(io.StringIO()):
        answers = await recorded()
    calls = {name: parse(cls, (sample(name) or {})["arguments"], local=True) for name, cls in operations().items()}
    of: dict[str, list[RawAnswer]] = defaultdict(list)
    secrets = frozenset(secret_names())
    for one in answers:
        of[one.operation].append(evolve(one.answer, body=_with_canaries(one.answer.body, secrets)))
    failures = [f"no real answer of {name}" for name in sorted(set(calls) - set(of))]
    results = errors = lists = 0
    seeds = plan.seeds(100_000, quick=3 * len(calls))
    names = sorted(calls)
    for seed in seeds:
        rng, name = Random(f"{seed}"), names[seed % len(names)]
        gateway = _Mutating(rng, of[name])
        walks = isinstance(calls[name], PagedOperation) and rng.random() < 0.5
        lists += walks
        try:
            read_everything(await _read(calls[name], gateway, walks=walks))
            results += 1
        except TencentMeetingError as error:
            if CANARY in f"{error} {error!r} {getattr(error, '__notes__', '')}":  # `body` has what came
                failures.append(f"--seed {seed}: {name}: a secret is in {error!r}")
            errors += 1
        except Exception as error:  # noqa: BLE001 - these are what is looked for
            failures.append(f"--seed {seed}: {name}: {error!r}, of {gateway.last}")
    return Figure(
        promise="answers",
        wanted="0 crashes",
        measured=f"{len(failures)} crashes on {len(seeds):,} mutated answers of {len(calls)} operations",
        ok=not failures,
        failures=failures,
        details=[
            f"{results:,} were read as results, {errors:,} became errors of the package; "
            f"{lists:,} were lists read to their end"
        ],
    )


async def _read(operation: Operation[Any], gateway: "_Mutating", *, walks: bool) -> Any:
    tm = TencentMeeting(Nobody(), transport=gateway, retry=None, quotas=None)
    if walks and isinstance(operation, PagedOperation):
        return tuple(await Paginator(operation, tm).collect())
    return await tm.send(operation)


class _Mutating:
    """Answers with something else each time, then with the same for ever."""

    def __init__(self, rng: Random, answers: list[RawAnswer]) -> None:
        self._rng, self._answers = rng, answers
        self._asked = 0
        self._answer = RawAnswer(200, (), b"")

    @property
    def last(self) -> str:
        return f"{self._answer.status} {self._answer.body[:200]!r}"

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        self._asked += 1
        assert self._asked <= LIMIT, f"{LIMIT} pages were asked for"
        if self._asked <= PAGES:
            self._answer = _changed(self._rng, self._rng.choice(self._answers))
        return self._answer

    async def aclose(self) -> None:
        pass


def _with_canaries(body: bytes, secrets: frozenset[str]) -> bytes:
    try:
        return json.dumps(with_canaries(json.loads(body), secrets)).encode()
    except ValueError:
        return body


def _changed(rng: Random, answer: RawAnswer) -> RawAnswer:
    status = answer.status if rng.random() < 0.6 else rng.choice(STATUSES)
    headers = answer.headers
    if rng.random() < 0.1:
        trace = rng.choice(TRACES).encode("latin-1")
        headers = ((b"X-Tc-Trace", trace), (b"Date", trace), (b"Retry-After", trace), (b"Content-Type", trace))
    return evolve(answer, status=status, headers=headers, body=mutated(rng, answer.body))
