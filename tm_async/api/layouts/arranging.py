"""A plan of seats put on a meeting: read what there is, change what has to be, read back what became of it."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from tm_async.api.control.people import Missed, People, Who, shown
from tm_async.api.layouts.advanced import AddAdvancedLayouts, ApplyLayout, ListAdvancedLayouts, ModifyAdvancedLayout
from tm_async.api.layouts.advanced_models import AdvancedPage, NewAdvancedLayout, SeatUser
from tm_async.api.layouts.basic import (
    AddLayouts,
    LayoutPage,
    ListLayouts,
    ListTemplates,
    ModifyLayout,
    NewLayout,
    SetDefaultLayout,
)
from tm_async.api.layouts.placing import check_plan, differences, names_somebody, placed, sent_page
from tm_async.api.layouts.plan import Arranged, Difference, SeatPage
from tm_async.api.meetings.attendance import ListRealtimeParticipants
from tm_async.api.shared import MsOpenId, OpenId
from tm_async.core.mount import Sender
from tm_async.core.operation import Operation
from tm_async.core.paging import Paginator
from tm_async.errors import UnreadableAnswer, WrongState

__all__ = ["arrange", "restore_default"]

PageT = TypeVar("PageT", LayoutPage, AdvancedPage)


class _Screens(Generic[PageT]):
    """The layouts of a meeting, of one of the two kinds."""

    def __init__(self, client: Sender, who: dict[str, Any]) -> None:
        self.client, self.who = client, who

    async def read(self) -> Any:
        """Which there are, and which of them is in use."""
        raise NotImplementedError

    async def add(self, pages: Sequence[PageT]) -> str:
        """Add one and put it in use."""
        raise NotImplementedError

    async def modify(self, layout_id: str, pages: Sequence[PageT], *, used: bool) -> None:
        """Replace the pages of one, and put it in use where it is not."""
        raise NotImplementedError

    async def use(self, layout_id: str) -> None:
        """Put one in use; an empty id: the original layout."""
        raise NotImplementedError


class _Clients(_Screens[LayoutPage]):
    async def read(self) -> Any:
        return await self.client.send(ListLayouts(**self.who))

    async def add(self, pages: Sequence[LayoutPage]) -> str:
        new = AddLayouts(**self.who, layout_list=[NewLayout(page_list=pages)], default_layout_order=1)
        return _added(await self.client.send(new), new)

    async def modify(self, layout_id: str, pages: Sequence[LayoutPage], *, used: bool) -> None:
        put = None if used else True
        await self.client.send(ModifyLayout(**self.who, layout_id=layout_id, page_list=pages, enable_set_default=put))

    async def use(self, layout_id: str) -> None:
        await self.client.send(SetDefaultLayout(**self.who, selected_layout_id=layout_id))


class _Devices(_Screens[AdvancedPage]):
    async def read(self) -> Any:
        return await self.client.send(ListAdvancedLayouts(**self.who))

    async def add(self, pages: Sequence[AdvancedPage]) -> str:
        new = AddAdvancedLayouts(**self.who, layout_list=[NewAdvancedLayout(page_list=pages)])
        layout_id = _added(await self.client.send(new), new)
        await self.use(layout_id)
        return layout_id

    async def modify(self, layout_id: str, pages: Sequence[AdvancedPage], *, used: bool) -> None:
        await self.client.send(ModifyAdvancedLayout(**self.who, layout_id=layout_id, page_list=pages))
        if not used:
            await self.use(layout_id)

    async def use(self, layout_id: str) -> None:
        await self.client.send(ApplyLayout(**self.who, layout_id=layout_id))


def _added(answer: Any, asked: Operation[Any]) -> str:
    """The id of the layout that was added. An empty one names the original layout, so it is an error."""
    layout_id: str = answer.layout_list[-1].layout_id if answer.layout_list else ""
    if not layout_id:
        message = "the answer has no layout_id"
        raise UnreadableAnswer(message, status=200, trace_id=None, body=b"", operation=asked.spec.id)
    return layout_id


async def arrange(
    client: Sender,
    who: dict[str, Any],
    plan: Sequence[SeatPage],
    *,
    layout_id: str | None,
    sub_meeting_id: str | None,
    devices: bool,
) -> Arranged:
    """See `tm.layouts.arrange`."""
    check_plan(plan, devices=devices)
    plan = tuple(plan)
    templates = await client.send(ListTemplates(operator_id=who["operator_id"]))
    places = placed(plan, templates.layout_template_list)
    crowd = _Crowd(await _inside(client, who, sub_meeting_id) if any(map(names_somebody, plan)) else People())
    pages: list[Any] = [
        sent_page(page, template, cells, crowd.find, devices=devices)
        for page, (template, cells) in zip(plan, places, strict=True)
    ]
    screens: _Screens[Any] = (_Devices if devices else _Clients)(client, who)
    there = await screens.read()
    as_planned = [
        one.layout_id
        for one in sorted(there.layout_list, key=lambda one: one.layout_id != there.selected_layout_id)
        if layout_id in {None, one.layout_id} and not differences(pages, one.page_list)
    ]
    missed = tuple(crowd.missed)
    if as_planned[:1] == [there.selected_layout_id]:
        return Arranged(as_planned[0], changed=False, missed=missed)
    if as_planned:
        used = as_planned[0]
        await screens.use(used)
    elif layout_id is None:
        used = await screens.add(pages)
    else:
        used = layout_id
        await screens.modify(used, pages, used=used == there.selected_layout_id)
    return Arranged(used, changed=True, missed=missed, differences=_left(used, pages, await screens.read()))


class _Crowd:
    """Who is inside, for seats. Before a meeting they are for invitees, whom their userids name."""

    def __init__(self, inside: People) -> None:
        self.inside = inside
        self.missed: list[Missed] = []

    def find(self, who: Who) -> SeatUser | None:
        """Who somebody is in the meeting; else they are missed."""
        found = self.inside.find(who) if len(self.inside) else _invited(who)
        if isinstance(found, SeatUser):
            return found
        if isinstance(found, str):
            if (missed := Missed(shown(who), found)) not in self.missed:
                self.missed.append(missed)
            return None
        one = found[0]
        userid = getattr(one, "userid", None) or None
        return SeatUser(userid=userid) if userid else SeatUser(ms_open_id=one.ms_open_id, username=one.user_name)


def _invited(who: Who) -> SeatUser | str:
    userid = who if isinstance(who, str) else who.userid
    if not userid or isinstance(who, MsOpenId | OpenId):
        return "nobody is inside: before a meeting seats are for userids"
    return SeatUser(userid=userid)


async def _inside(client: Sender, who: dict[str, Any], sub_meeting_id: str | None) -> People:
    asked = ListRealtimeParticipants(
        meeting_id=who["meeting_id"], operator_id=who["operator_id"], sub_meeting_id=sub_meeting_id
    )
    try:
        return People([one async for one in Paginator(asked, client)])
    except WrongState:  # of a meeting that does not run: that the list is empty then is not documented
        return People()


async def restore_default(client: Sender, who: dict[str, Any], *, devices: bool) -> None:
    """See `tm.layouts.restore_default`."""
    await (_Devices if devices else _Clients)(client, who).use("")


def _left(layout_id: str, pages: Sequence[Any], there: Any) -> tuple[Difference, ...]:
    """What differs from a plan after all."""
    found = tuple(
        one for each in there.layout_list if each.layout_id == layout_id for one in differences(pages, each.page_list)
    )
    if there.selected_layout_id == layout_id:
        return found
    used = f"layout {there.selected_layout_id}" if there.selected_layout_id else "the original layout"
    return (Difference(None, None, f"layout {layout_id}", used), *found)
