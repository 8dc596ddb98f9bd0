"""The emulator in a process of its own: `python -m tests.faults.gateway USERS QUOTAS SEED SHAPED`, and a handle on it.

Beside the client it would hold the client's loop and its interpreter lock, and figures about time would mean nothing.
"""

import asyncio
import json
import logging
import subprocess
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.faults import shapes
from tests.faults.quick_quotas import QuickQuotas
from tm_async import EnterpriseSecret
from tm_async.emulator import Emulator

__all__ = ["Gateway", "gateway"]

ROOT = Path(__file__).parents[2]
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Past any proxy of the environment."""


@frozen
class Gateway:
    """A running emulator, seen from outside."""

    env: dict[str, str]

    @property
    def base_url(self) -> str:
        return self.env["TENCENT_MEETING_BASE_URL"]

    @property
    def port(self) -> int:
        return int(self.base_url.removesuffix("/v1").rsplit(":", 1)[1])

    @property
    def auth(self) -> EnterpriseSecret:
        return EnterpriseSecret.from_env(self.env)

    def meetings(self) -> dict[str, list[str]]:
        """The ids of the meetings of each subject; none of a subject that there is not."""
        found: dict[str, list[str]] = defaultdict(list)
        for meeting in self._control("GET", "state")["meetings"]:
            found[meeting["subject"]].append(meeting["id"])
        return found

    def journal(self) -> list[dict[str, Any]]:
        """The last calls."""
        found: list[dict[str, Any]] = self._control("GET", "journal")["entries"]
        return found

    def disturb(self, share: float, *rules: dict[str, Any]) -> None:
        """Let the emulator disturb this share of all calls, with each of these rules as often as with the others."""
        for rule, left in zip(rules, range(len(rules), 0, -1), strict=True):
            # The first rule that fires acts, so a later one gets only what the others let pass.
            acting = share / len(rules)
            probability = acting / (1 - acting * (len(rules) - left))
            self._control("POST", "faults", **rule, probability=probability)

    def disturbed(self) -> float:
        """The share of calls that were disturbed."""
        rules = self._control("GET", "faults")["faults"]
        return float(sum(rule["fired"] for rule in rules) / max(1, rules[0]["seen"]))

    def reset(self) -> None:
        """Forget all meetings."""
        self._control("POST", "reset")

    def _control(self, method: str, what: str, **body: Any) -> Any:
        origin = self.base_url.removesuffix("/v1")
        data = json.dumps(body).encode() if body else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{origin}/_emulator/{what}", data, headers, method=method)  # noqa: S310
        with _DIRECT.open(request, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def gateway(users: int = 10, quotas: str = "", seed: int = 0, *, shaped: bool = False) -> Iterator[Gateway]:
    """An emulator with users `user0`, `user1` and so on.

    `quotas`: empty for none, `real`, or the calls and the seconds of the quota per app, such as `30/1`.
    `seed`: of the ids, and of the faults that `disturb` asks for. `shaped`: it shows meetings as `shapes` says.
    """
    command = [sys.executable, "-m", "tests.faults.gateway", str(users), quotas, str(seed), str(shaped)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Gateway(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()  # it ends by itself then
            process.wait(20)


async def _serve(users: int, quotas: str, seed: int) -> None:
    names = [f"user{number}" for number in range(users)]
    emulator = Emulator(users=names, seed=seed, enforce_quotas=bool(quotas), journal_length=20_000)
    if "/" in quotas:
        calls, seconds = quotas.split("/")
        emulator._backend.quotas = QuickQuotas(int(calls), float(seconds))
    async with emulator:
        print(json.dumps(emulator.env), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    logging.disable(logging.ERROR)
    if sys.argv[4] == "True":
        shapes.use()
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
