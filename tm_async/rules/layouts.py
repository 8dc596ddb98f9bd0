"""Rules of layouts and backgrounds."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tm_async.core.validation import OWN_PAGE, Rule
from tm_async.errors import Violation

__all__ = [
    "DEVICE",
    "MD5",
    "UNKNOWN",
    "a_cell_once",
    "cells_not_said",
    "devices_only",
    "no_app",
    "no_cell",
    "no_page",
    "no_pages",
    "no_plan",
    "no_seat",
    "no_seats",
    "no_template",
    "one_a_cell",
    "one_app",
    "order_of_a_layout",
    "order_of_an_image",
    "somebody_sits",
    "too_many_seats",
]

APP = 3
UNKNOWN = 20012
"""No such layout (doc 1095/56327)."""

_DEVICES = (1, 2, 3, 4, 6, 7, 9, 20, 21, 22)

DEVICE = Rule(
    name="layout-device",
    holds=lambda device: device in _DEVICES,
    limit=_DEVICES,
    actual=int,
    message="must be a kind of device that shows a layout, {limit}, not {actual}",
    message_zh="应为能应用布局的设备类型 {limit}，当前为 {actual}",
)
"""Another one would do nothing, and no error says so. The official SDKs have 9 alone."""

MD5 = Rule(
    name="md5",
    holds=re.compile(r"[0-9a-fA-F]{32}\Z").match,
    actual=repr,
    message="must be an MD5 in hex, 32 digits (given: {actual})",
    message_zh="应为 32 位十六进制 MD5（当前：{actual}）",
)


def a_cell_once(page: Any) -> Iterator[Violation]:
    """The gateway takes the first entry of a cell, and passes over others in silence (the official SDKs)."""
    cells = [seat.grid_id for seat in page.user_seat_list or ()]
    for index, cell in enumerate(cells):
        if cell in cells[:index]:
            message, message_zh = (
                f"{cell!r} is said twice, and only the first one counts",
                f"{cell!r} 重复，仅第一项生效",
            )
            yield Violation(f"user_seat_list[{index}].grid_id", "cell-once", message, message_zh)


def one_app(page: Any) -> Iterator[Violation]:
    """A page shows one extension app (doc 1095/56329)."""
    if sum(seat.grid_type == APP for seat in page.user_seat_list or ()) > 1:
        message, message_zh = "one page shows one app (grid_type=3)", "每页只能有一个扩展应用（grid_type=3）"
        yield Violation("user_seat_list", "one-app", message, message_zh, 1, OWN_PAGE)


def no_app(seat: Any) -> Iterator[Violation]:
    """Devices show no extension apps (the official SDKs)."""
    if seat.grid_type == APP:
        yield Violation("grid_type", "no-app", "devices show no apps: 1 or 2", "终端不支持扩展应用，应为 1 或 2")


def one_a_cell(page: Any) -> Iterator[Violation]:
    """People share a cell by taking turns (the official SDKs)."""
    for index, seat in enumerate(page.user_seat_list):
        if len(seat.user_list or ()) > 1 and not page.enable_polling:
            message, message_zh = "takes one person unless enable_polling=true", "enable_polling 不为 true 时只能有一人"
            yield Violation(f"user_seat_list[{index}].user_list", "one-a-cell", message, message_zh, 1)


def somebody_sits(user: Any) -> Iterator[Violation]:
    """A seat for nobody can't be meant. The pages do not say so."""
    if user.userid is None and user.ms_open_id is None:
        yield Violation("userid", "somebody", "give userid or ms_open_id", "请提供 userid 或 ms_open_id")


def _order(name: str, order: int | None, items: Sequence[object]) -> Iterator[Violation]:
    if order is not None and order > len(items):
        message, message_zh = f"is {order}, of {len(items)} that are added", f"为 {order}，但只新增了 {len(items)} 项"
        yield Violation(name, "order", message, message_zh, len(items), OWN_PAGE)


def order_of_a_layout(call: Any) -> Iterator[Violation]:
    """What is put in use is one of those that are added."""
    yield from _order("default_layout_order", call.default_layout_order, call.layout_list)


def order_of_an_image(call: Any) -> Iterator[Violation]:
    """What is put in use is one of those that are added (20026)."""
    yield from _order("default_image_order", call.default_image_order, call.image_list)


# --- plans of seats: what they may ask for is ours, what a template has is its own ------------------------------------


def no_pages() -> Violation:
    """A layout without a page is none."""
    return Violation("plan", "not-empty", "has no pages", "没有任何页")


def no_plan() -> Violation:
    """Something that is no list of pages, a single page for example."""
    message, message_zh = "must be a list of pages: [SeatPage([...])]", "应为页的列表：[SeatPage([...])]"
    return Violation("plan", "list", message, message_zh)


def no_page(where: str) -> Violation:
    """Something that is no page of a plan."""
    message, message_zh = "must be SeatPage([...]) or SeatPage({...})", "应为 SeatPage([...]) 或 SeatPage({...})"
    return Violation(where, "page", message, message_zh)


def no_seats(where: str) -> Violation:
    """Nothing says which template a page is made from."""
    return Violation(where, "not-empty", "has no seats: give some, or a template", "没有座席：请给出座席或模板")


def no_seat(where: str) -> Violation:
    """Something that can't be in a cell."""
    return Violation(
        where,
        "seat",
        "must be a person, AppSeat(...), GridType.SHARED_SCREEN, VideoType.SPEAKER, VideoType.ANYBODY or None",
        "应为人员、AppSeat(...)、GridType.SHARED_SCREEN、VideoType.SPEAKER、VideoType.ANYBODY 或 None",
    )


def devices_only(where: str) -> Violation:
    """Clients know no speaker's cell and no turns (the official SDKs)."""
    message = "is for devices only: the speaker, turns, and people who share a seat (devices=True)"
    return Violation(where, "devices-only", message, "发言人、轮询和多人共用座席仅适用于终端（devices=True）")


def no_template(given: object, known: Sequence[str]) -> Violation:
    """The enterprise has no such template."""
    names = ", ".join(known) or "-"
    message, message_zh = f"{given!r} is none of the templates {names}", f"{given!r} 不是已有模板（{names}）"
    return Violation("template", "template", message, message_zh, list(known))


def cells_not_said(template: str | None = None) -> Violation:
    """How many cells a template has is in its rule, which no page describes."""
    said = "no template says" if template is None else f"template {template!r} does not say"
    said_zh = "没有模板说明了" if template is None else f"模板 {template!r} 未说明"
    return Violation(
        "seats",
        "seats-by-cell",
        f"{said} which cells it has: name the template and its cells, {{'1': 'alice'}}; its picture shows them",
        f"{said_zh}有哪些宫格：请指定模板并按宫格 ID 给出座席，例如 {{'1': 'alice'}}；模板图片上有宫格 ID",
    )


def too_many_seats(seats: int, template: str, cells: int) -> Violation:
    """A page has more seats than its template has cells."""
    message_zh = f"有 {seats} 个座席，而模板 {template!r} 只有 {cells} 个宫格"
    return Violation("seats", "seats", f"has {seats} seats, template {template!r} has {cells}", message_zh, cells)


def no_cell(cell: str, template: str, cells: Sequence[str]) -> Violation:
    """A page names a cell that its template has not."""
    names = ", ".join(cells)
    message = f"has a seat in cell {cell!r}, template {template!r} has {names}"
    return Violation("seats", "cell", message, f"模板 {template!r} 没有宫格 {cell!r}，只有 {names}", list(cells))
