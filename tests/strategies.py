"""Hypothesis strategies for valid requests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tm_async import CreateMeeting, Device, Guest, LiveConfig, Recurrence, Settings, User
from tm_async.api.meetings import AutoRecord, ChangeNickname, JoinType, MediaSetType, MuteOnJoin

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
userids = text.filter(lambda userid: userid != "1")
moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
maybe_bool = st.none() | st.booleans()
people = st.lists(userids | st.builds(User, userids, is_anonymous=maybe_bool, nick_name=st.none() | text), max_size=4)
guests = st.builds(
    Guest,
    area=st.from_regex(r"[1-9][0-9]{0,2}", fullmatch=True),
    phone_number=st.from_regex(r"[0-9]{5,12}", fullmatch=True),
    guest_name=st.none() | text,
)
meeting_settings = st.builds(
    Settings,
    mute_enable_type_join=st.none() | st.sampled_from(MuteOnJoin),
    allow_unmute_self=maybe_bool,
    only_user_join_type=st.none() | st.sampled_from(JoinType),
    change_nickname=st.none() | st.sampled_from(ChangeNickname),
    auto_record_type=st.just(AutoRecord.CLOUD),
    participant_join_auto_record=maybe_bool,
)
live = st.builds(
    LiveConfig, live_subject=st.none() | text, enable_live_password=st.just(True), live_password=text,
    enable_live_im=maybe_bool,
)  # fmt: skip
recurrences = st.builds(Recurrence.daily, count=st.integers(1, 200)) | st.builds(
    Recurrence.biweekly, count=st.integers(1, 50)
)


@st.composite
def creates(draw: st.DrawFn) -> CreateMeeting:
    """A valid request to create a meeting, any mixture of fields."""
    start = draw(moments)
    optional: dict[str, st.SearchStrategy[Any]] = {
        "hosts": people,
        "invitees": people,
        "guests": st.lists(guests, max_size=3),
        "password": st.from_regex(r"[0-9]{4,6}", fullmatch=True),
        "settings": meeting_settings,
        "recurring_rule": recurrences,
        "location": st.text(st.characters(exclude_categories=["Cs"]), max_size=18),
        "media_set_type": st.sampled_from(MediaSetType),
        "enable_interpreter": st.booleans(),
        "time_zone": st.just("Asia/Shanghai"),
    }
    given = {name: draw(strategy) for name, strategy in optional.items() if draw(st.booleans())}
    if draw(st.booleans()):
        given |= {"enable_live": True, "live_config": draw(live)}
    if draw(st.booleans()):
        given |= {"enable_host_key": True, "host_key": draw(st.from_regex(r"[0-9]{6}", fullmatch=True))}
    return CreateMeeting(
        userid=draw(userids),
        subject=draw(text),
        instanceid=draw(st.sampled_from(Device)),
        start_time=start,
        end_time=start + timedelta(minutes=draw(st.integers(1, 600))),
        **given,
    )


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
