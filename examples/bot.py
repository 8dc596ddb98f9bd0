"""A bot that books a meeting, in an hour, for the user who logged in with `tm-async login`: `bot.py Stand-up`."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from tm_async import OAuth2, ReauthorizationRequired, TencentMeeting


async def book(subject: str) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    end = start + timedelta(minutes=30)
    me = OAuth2.from_env()  # the user TENCENT_MEETING_OPEN_ID
    async with TencentMeeting(me) as tm:
        meeting = await tm.meetings.create(userid=me.open_id, subject=subject, start_time=start, end_time=end)
    print(meeting.meeting_code, meeting.join_url)


if __name__ == "__main__":
    try:
        asyncio.run(book(" ".join(sys.argv[1:]) or "Stand-up"))
    except ReauthorizationRequired:
        sys.exit("The user has to allow it once more: run tm-async login")
