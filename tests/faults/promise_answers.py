"""Whatever comes back: a result, or an error of this package. Nothing else, and no result that can't be looked at."""

import contextlib
import io
from random import Random

from attrs import evolve

from tests.faults.figure import Figure, Plan
from tests.faults.mutation import mutated
from tests.faults.recording import Recorded, recorded
from tests.unit.api.playing import Nobody
from tests.unit.api.test_index_any_answer import read_everything
from tm_async import TencentMeeting
from tm_async.api.index import operations
from tm_async.core.exchange import RawAnswer
from tm_async.core.operation import Operation
from tm_async.core.parse import parse
from tm_async.errors import TencentMeetingError
from tm_async.spec.sample import sample
from tm_async.transport.fake import FakeTransport

STATUSES = (200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 502, 503, 599)
TRACES = ("", "t1", "\x00", "x" * 5000, "é")


async def run(plan: Plan) -> Figure:
    """Mutated answers of all operations, through the client."""
    with contextlib.redirect_stdout(io.StringIO()):
        answers = await recorded()
    missing = set(operations()) - {one.operation for one in answers}
    calls = {name: parse(cls, (sample(name) or {})["arguments"], local=True) for name, cls in operations().items()}
    failures = [f"no real answer of {name}" for name in sorted(missing)]
    results = errors = 0
    seeds = plan.seeds(100_000, quick=800)
    for seed in seeds:
        rng = Random(f"{seed}")
        chosen = rng.choice(answers)
        raw = _changed(rng, chosen)
        try:
            read_everything(await _call(calls[chosen.operation], raw))
            results += 1
        except TencentMeetingError as error:
            _ = str(error), repr(error), repr(error.__dict__)
            errors += 1
        except Exception as error:  # noqa: BLE001 - these are what is looked for
            failures.append(f"--seed {seed}: {chosen.operation}: {error!r}, of {raw.status} {raw.body[:200]!r}")
    return Figure(
        promise="answers",
        wanted="0 crashes",
        measured=f"{len(failures)} crashes on {len(seeds):,} mutated answers of {len(operations())} operations",
        ok=not failures,
        failures=failures,
        details=[f"{results:,} were read as results, {errors:,} became errors of the package"],
    )


async def _call(operation: Operation[object], raw: RawAnswer) -> object:
    return await TencentMeeting(Nobody(), transport=FakeTransport(raw), retry=None, quotas=None).send(operation)


def _changed(rng: Random, recorded_answer: Recorded) -> RawAnswer:
    answer = recorded_answer.answer
    status = answer.status if rng.random() < 0.6 else rng.choice(STATUSES)
    headers = answer.headers
    if rng.random() < 0.1:
        trace = rng.choice(TRACES).encode("latin-1")
        headers = ((b"X-Tc-Trace", trace), (b"Date", trace), (b"Retry-After", trace), (b"Content-Type", trace))
    return evolve(answer, status=status, headers=headers, body=mutated(rng, answer.body))
