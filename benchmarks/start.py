"""What a cron script or a serverless function pays: the CPU of a whole process that creates one meeting.

`python -m benchmarks.start [--quick]`. A loopback server answers; each script signs its request and reads id and link.
"""

import argparse

from attrs import frozen

from benchmarks.calls import serving
from benchmarks.machine import Spread, Target, cores, cpu_ms_of, pin, progress, table
from benchmarks.meeting import END_TEXT, START_TEXT, SUBJECT

_OURS = """
import asyncio, sys
from datetime import UTC, datetime
from tm_async import EnterpriseSecret, TencentMeeting
{imports}
async def main():
    _, origin, subject, start, end = sys.argv
    auth = EnterpriseSecret(app_id="app", sdk_id="sdk", secret_id="id", secret_key="key")
    async with TencentMeeting(auth, base_url=origin{transport}) as tm:
        meeting = await tm.meetings.create(
            userid="tester1", subject=subject,
            start_time=datetime.fromtimestamp(int(start), UTC), end_time=datetime.fromtimestamp(int(end), UTC),
        )
        assert meeting.meeting_id and meeting.join_url
asyncio.run(main())
"""
_AIOHTTP = """
import asyncio, base64, hashlib, hmac, json, random, sys, time
import aiohttp
async def main():
    _, origin, subject, start, end = sys.argv
    path = "/v1/meetings"
    body = json.dumps({"userid": "tester1", "instanceid": 1, "subject": subject, "type": 0,
                       "start_time": start, "end_time": end})
    nonce, now = str(random.randrange(10**9)), str(int(time.time()))
    head = f"POST\\nX-TC-Key=id&X-TC-Nonce={nonce}&X-TC-Timestamp={now}\\n{path}\\n{body}"
    mac = base64.b64encode(hmac.new(b"key", head.encode(), hashlib.sha256).hexdigest().encode()).decode()
    headers = {"X-TC-Key": "id", "X-TC-Timestamp": now, "X-TC-Nonce": nonce, "X-TC-Signature": mac, "AppId": "app",
               "SdkId": "sdk", "X-TC-Registered": "1", "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        async with session.post(origin + path, headers=headers, data=body) as response:
            meeting = json.loads(await response.read())["meeting_info_list"][0]
            assert meeting["meeting_id"] and meeting["join_url"]
asyncio.run(main())
"""
_VENDOR = """
import sys
from wemeet_openapi.client import Client
from wemeet_openapi.core import constants, xhttp
from wemeet_openapi.core.authenticator import JWTAuthenticator
from wemeet_openapi.service.meetings.api import ApiV1MeetingsPostRequest
from wemeet_openapi.service.meetings.model import V1MeetingsPostRequest
_, origin, subject, start, end = sys.argv
scheme, host = origin.split("://")
http = xhttp.Client(host=host, protocol=scheme, serializer=constants.DEFAULT_SERIALIZER)
client = Client(app_id="app", sdk_id="sdk", secret_id="id", secret_key="key", clt=http)
body = V1MeetingsPostRequest(userid="tester1", instanceid=1, subject=subject, type=0,
                             start_time=start, end_time=end)
signed = JWTAuthenticator().options_build()
answer = client.meetings_api.v1_meetings_post(
    request=ApiV1MeetingsPostRequest(body=body), authenticator_options=[signed])
meeting = answer.data.meeting_info_list[0]
assert meeting.meeting_id and meeting.join_url
"""
SCRIPTS = {
    "vendor's SDK": _VENDOR,
    "aiohttp, plain dicts": _AIOHTTP,
    "tm_async, as it comes": _OURS.format(imports="", transport=""),
    "tm_async, `fast`": _OURS.format(
        imports="from tm_async.transport.fast import FastTransport", transport=", transport=FastTransport()"
    ),
}
_HELP = "import sys; sys.argv = ['tm-async', '--help']; from tm_async.cli import main; main()"


@frozen
class Sample:
    """One script."""

    label: str
    cpu_ms: Spread
    times_vendor: Spread


def run(*, quick: bool = False) -> list[Sample]:
    """All scripts in turns, one process each."""
    server, client = cores()
    progress("the start of a process")
    with serving(server) as (origin, _):
        pin(client)
        asked = (origin, SUBJECT, START_TEXT, END_TEXT)
        commands = {label: ("-c", script, *asked) for label, script in SCRIPTS.items()} | {"`--help`": ("-c", _HELP)}
        for command in commands.values():
            cpu_ms_of(*command)  # the first run writes byte code
        turns = 3 if quick else 25
        rounds = [{label: cpu_ms_of(*command) for label, command in commands.items()} for _ in range(turns)]
    vendor = [found["vendor's SDK"] for found in rounds]
    return [
        Sample(
            label,
            Spread.of([found[label] for found in rounds]),
            Spread.of([found[label] / one for found, one in zip(rounds, vendor, strict=True)]),
        )
        for label in commands
    ]


def targets(samples: list[Sample]) -> list[Target]:
    """The promises about the start."""
    times = {sample.label: sample.times_vendor for sample in samples}
    return [
        Target("create one meeting, whole process, of the vendor's SDK", times["tm_async, as it comes"], 1.42, True),
        Target("the same, `fast`", times["tm_async, `fast`"], 1.25, True),
    ]


def report(samples: list[Sample]) -> str:
    """One table."""
    rows = [(sample.label, sample.cpu_ms.show(), sample.times_vendor.show(2)) for sample in samples]
    return table(("whole process: median (lowest-highest)", "CPU ms", "of the vendor's SDK"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    samples = run(quick=parser.parse_args().quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
