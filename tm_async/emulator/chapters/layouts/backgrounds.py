"""Backgrounds of meetings (doc 1095/56330, 56331, 56334). Pictures are not fetched: all of them are found good."""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.layouts.operations import layouts, of_meeting
from tm_async.emulator.chapters.layouts.state import Looks
from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "add_backgrounds",
    "delete_background",
    "delete_backgrounds",
    "list_backgrounds",
    "set_default_background",
]

MOST = 7  # official docs, 2021


@layouts.does("list_backgrounds")
def list_backgrounds(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """In the order in which they were added."""
    _, looks = of_meeting(asked, meeting_id)
    return _shown(looks, looks.backgrounds)


@layouts.does("add_backgrounds")
def add_backgrounds(
    asked: Asked, *, meeting_id: str, image_list: Sequence[Mapping[str, Any]], default_image_order: int | None = None
) -> Mapping[str, Any]:
    """The answer has those that were added, at once; the event about them comes at once, too."""
    meeting, looks = of_meeting(asked, meeting_id)
    if len(looks.backgrounds) + len(image_list) > MOST:
        raise Refused(20018, f"more than {MOST} backgrounds in meeting {meeting.id}")
    if default_image_order is not None and not 1 <= default_image_order <= len(image_list):
        raise Refused(20026, f"default_image_order is {default_image_order}, of {len(image_list)} images")
    if not all(image["image_url"].startswith(("http://", "https://")) for image in image_list):
        raise Refused(20013, "image_url is no address")
    added = {asked.state.stages.new_id(): image["image_md5"] for image in image_list}
    looks.backgrounds |= added
    if default_image_order is not None:
        looks.background = list(added)[default_image_order - 1]
    urls = [image["image_url"] for image in image_list]
    news.media_uploaded(asked.state, meeting, urls, asked.now, trace=asked.call.trace)
    return _shown(looks, added)


@layouts.does("set_default_background")
def set_default_background(asked: Asked, *, meeting_id: str, selected_background_id: str) -> None:
    """An empty id makes it black."""
    _, looks = of_meeting(asked, meeting_id)
    if selected_background_id:
        _check_known(looks, selected_background_id)
    looks.background = selected_background_id


@layouts.does("delete_background")
def delete_background(asked: Asked, *, meeting_id: str, background_id: str) -> None:
    """Not the one in use (20021: documented for layouts)."""
    _delete(of_meeting(asked, meeting_id)[1], [background_id])


@layouts.does("delete_backgrounds")
def delete_backgrounds(asked: Asked, *, meeting_id: str, background_id_list: Sequence[str]) -> None:
    """All or none."""
    _delete(of_meeting(asked, meeting_id)[1], background_id_list)


def _shown(looks: Looks, some: Mapping[str, str]) -> Mapping[str, Any]:
    rows = [{"background_id": each, "image_md5": md5} for each, md5 in some.items()]
    return {"background_number": len(rows), "selected_background_id": looks.background, "background_list": rows}


def _check_known(looks: Looks, background_id: str) -> None:
    if background_id not in looks.backgrounds:
        raise Refused(20019, f"background_id {background_id[:40]!r} is not known")


def _delete(looks: Looks, ids: Sequence[str]) -> None:
    for each in ids:
        _check_known(looks, each)
        if each == looks.background:
            raise Refused(20021, f"background {each} is in use")
    for each in dict.fromkeys(ids):
        del looks.backgrounds[each]
