"""One process of a fleet: many calls at once for one user, at a moment that the test chooses.

Its first argument is a JSON object; it says "ready", waits for a line, makes its calls, and prints what came out.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

from tm_async import FileStore, OAuth2, OAuth2App, RedisStore, TencentMeeting, TencentMeetingError, TokenStore
from tm_async.transport.fast import FastTransport


def the_store(given: dict[str, Any]) -> TokenStore:
    if "redis" in given:
        return RedisStore.from_url(given["redis"], prefix=given["prefix"], lock_ttl=given["lock_ttl"])
    return FileStore(given["directory"])


async def main(given: dict[str, Any]) -> None:
    store = the_store(given)
    app = OAuth2App(
        corp_id=given["corp_id"],
        sdk_id=given["sdk_id"],
        secret=given["secret"],
        redirect_uri="http://127.0.0.1:8912/callback",
        oauth_url=given["oauth_url"],
        store=store,
        clock=lambda: time.time() + given["offset"],
    )
    outcomes: Counter[str] = Counter()
    async with FastTransport(connections=8) as transport:
        auth = OAuth2(app, open_id=given["open_id"])
        options = {"transport": transport, "clock": app.clock, "quotas": None}
        async with TencentMeeting(auth, base_url=given["base_url"], **options) as tm:

            async def call() -> None:
                try:
                    await tm.meetings.get(meeting_id=given["meeting_id"], userid=given["open_id"])
                    outcomes["done"] += 1
                except TencentMeetingError as error:
                    outcomes[repr(error)] += 1

            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            await asyncio.gather(*(call() for _ in range(given["tasks"])))
    if isinstance(store, RedisStore):
        await store.aclose()
    print(json.dumps(outcomes), flush=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
