"""Plans of seats made into the pages of templates, and held against those that a meeting shows."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, cast

from attrs import evolve

from tm_async.api.control.people import Who
from tm_async.api.layouts.advanced_models import AdvancedPage, AdvancedSeat, IntervalUnit, SeatUser, VideoType
from tm_async.api.layouts.basic import GridType, LayoutPage, LayoutTemplate, Seat
from tm_async.api.layouts.plan import AppSeat, Difference, Seated, SeatPage
from tm_async.core.validation import OWN_PAGE, violations
from tm_async.errors import ValidationError, Violation
from tm_async.rules import layouts as rules

__all__ = ["Find", "check_plan", "differences", "names_somebody", "placed", "sent_page"]

OPERATION = "layouts.arrange"
SCREEN = GridType.SHARED_SCREEN

Find = Callable[[Who], SeatUser | None]
"""Who somebody is in the meeting; `None`: not there."""

# --- a plan by itself -------------------------------------------------------------------------------------------------


def check_plan(plan: Sequence[SeatPage], *, devices: bool) -> None:
    """Raise `ValidationError` for all that no template, and no meeting, can make good."""
    given = cast("object", plan)
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ValidationError([rules.no_plan()], operation=OPERATION)
    found = [] if plan else [rules.no_pages()]
    for number, page in enumerate(plan):
        found += _wrong_with(page, f"plan[{number}]", devices=devices)
    if found:
        raise ValidationError(found, operation=OPERATION)


def _wrong_with(page: object, where: str, *, devices: bool) -> Sequence[Violation]:
    seats: object = getattr(page, "seats", None)
    if not isinstance(page, SeatPage) or isinstance(seats, str) or not isinstance(seats, Collection):
        return [rules.no_page(where)]
    found = [] if page.seats or page.template is not None else [rules.no_seats(f"{where}.seats")]
    keys = [f"seats[{key!r}]" for key, _ in _items(page)]
    for key, (_, what) in zip(keys, _items(page), strict=True):
        found.extend(_misfits(what, f"{where}.{key}", devices=devices))
    if page.turns is not None and not devices:
        found.append(rules.devices_only(f"{where}.turns"))
    return found or [_by_plan(one, where, keys) for one in violations(_as_wanted(page, devices=devices))]


def _items(page: SeatPage) -> list[tuple[Any, Seated]]:
    return list(page.seats.items() if isinstance(page.seats, Mapping) else enumerate(page.seats))


def _misfits(what: Seated, where: str, *, devices: bool) -> Iterator[Violation]:
    everywhere = what is None or what is SCREEN or what is VideoType.ANYBODY or isinstance(what, AppSeat)
    people = _people(what)
    on_devices = what is VideoType.SPEAKER or not isinstance(what, Who)
    if not everywhere and what is not VideoType.SPEAKER and not (people and all(map(_is_one, people))):
        yield rules.no_seat(where)
    elif not everywhere and on_devices and not devices:
        yield rules.devices_only(where)


def _is_one(who: object) -> bool:
    return isinstance(who, Who) and who != ""


def _people(what: Seated) -> tuple[Who, ...]:
    if isinstance(what, Who):
        return (what,)
    return tuple(what) if isinstance(what, Collection) else ()


def names_somebody(page: SeatPage) -> bool:
    """Whether somebody is to sit on it."""
    return any(_people(what) for _, what in _items(page))


def _as_wanted(page: SeatPage, *, devices: bool) -> LayoutPage | AdvancedPage:
    """As it would be sent if everybody were there."""
    cells = [str(key) for key, _ in _items(page)]
    return sent_page(
        page, page.template or "any", cells, lambda _: SeatUser(userid="anybody"), devices=devices, every=True
    )


def _by_plan(problem: Violation, where: str, keys: Sequence[str]) -> Violation:
    """The same, by the names of the plan."""
    field = re.sub(r"^user_seat_list\[(\d+)\]", lambda found: keys[int(found[1])], problem.field)
    field = field.replace("user_seat_list", "seats").replace("polling_setting", "turns")
    return evolve(problem, field=f"{where}.{field}", page=None if problem.page is OWN_PAGE else problem.page)


# --- templates --------------------------------------------------------------------------------------------------------


def placed(plan: Sequence[SeatPage], templates: Sequence[LayoutTemplate]) -> list[tuple[str, list[str]]]:
    """For each page its template and the cells of its seats. Raises `ValidationError` where one has no room."""
    found, problems = list[tuple[str, list[str]]](), list[Violation]()
    for number, page in enumerate(plan):
        template = _named(page, templates) if page.template is not None else _fitting(page, templates)
        if isinstance(template, LayoutTemplate):
            cells = [str(key) for key in page.seats] if isinstance(page.seats, Mapping) else [*template.cells]
            found.append((template.layout_template_id, cells[: len(page.seats)]))
        else:
            problems += [evolve(one, field=f"plan[{number}].{one.field}") for one in template]
    if problems:
        raise ValidationError(problems, operation=OPERATION)
    return found


def _named(page: SeatPage, templates: Sequence[LayoutTemplate]) -> LayoutTemplate | list[Violation]:
    for one in templates:
        if one.layout_template_id == page.template:
            return one if not (problems := list(_too_much(page, one))) else problems
    return [rules.no_template(page.template, [one.layout_template_id for one in templates])]


def _too_much(page: SeatPage, template: LayoutTemplate) -> Iterator[Violation]:
    """What of a page a template has no room for. Which cells one has that does not say it, the gateway knows."""
    name, cells = template.layout_template_id, template.cells
    if not cells:
        if page.seats and not isinstance(page.seats, Mapping):
            yield rules.cells_not_said(name)
    elif len(page.seats) > len(cells):
        yield rules.too_many_seats(len(page.seats), name, len(cells))
    elif isinstance(page.seats, Mapping):
        yield from (rules.no_cell(cell, name, cells) for cell in page.seats if cell not in cells)


def _fitting(page: SeatPage, templates: Sequence[LayoutTemplate]) -> LayoutTemplate | list[Violation]:
    """The smallest one with room; that does not say its cells, has none as far as anybody knows."""
    known = sorted((one for one in templates if one.cells), key=lambda one: len(one.cells))
    if not known:
        return [rules.cells_not_said()]
    for one in known:
        if not list(_too_much(page, one)):
            return one
    return list(_too_much(page, known[-1]))


# --- what is sent -----------------------------------------------------------------------------------------------------


def sent_page(
    page: SeatPage, template: str, cells: Sequence[str], find: Find, *, devices: bool, every: bool = False
) -> LayoutPage | AdvancedPage:
    """A page as a request has it. Cells that the meeting fills are left out, unless `every` one is wanted."""
    pairs = [(cell, what) for cell, (_, what) in zip(cells, _items(page), strict=False)]
    if not devices:
        basic = [_basic(cell, what, find) for cell, what in pairs]
        return LayoutPage(
            layout_template_id=template, user_seat_list=[one for one in basic if every or _kind(one) != ANYBODY]
        )
    seats = [_advanced(cell, what, find) for cell, what in pairs]
    return AdvancedPage(
        layout_template_id=template,
        user_seat_list=[one for one in seats if every or one.video_type is not None or _kind(one) != ANYBODY],
        enable_polling=None if page.turns is None else True,
        polling_setting=page.turns,
    )


def _basic(cell: str, what: Seated, find: Find) -> Seat:
    if isinstance(what, AppSeat):
        return Seat(grid_id=cell, grid_type=GridType.APP, tool_sdkid=what.tool_sdkid)
    one = next((found for who in _people(what) if (found := find(who)) is not None), None)
    if one is None:
        return Seat(grid_id=cell, grid_type=SCREEN if what is SCREEN else GridType.VIDEO)
    return Seat(grid_id=cell, userid=one.userid, ms_open_id=one.ms_open_id, username=one.username)


def _advanced(cell: str, what: Seated, find: Find) -> AdvancedSeat:
    if isinstance(what, AppSeat):
        return AdvancedSeat(grid_id=cell, grid_type=GridType.APP)
    if isinstance(what, VideoType):
        return AdvancedSeat(grid_id=cell, video_type=what)
    users = [found for who in _people(what) if (found := find(who)) is not None]
    if not users:
        return AdvancedSeat(grid_id=cell, grid_type=SCREEN if what is SCREEN else GridType.VIDEO)
    return AdvancedSeat(grid_id=cell, video_type=VideoType.NAMED, user_list=users)


# --- what is shown ----------------------------------------------------------------------------------------------------

ANYBODY, SHARED, APP, SPEAKER, PEOPLE = "anybody", "the shared screen", "an app", "the speaker", "people"


def differences(wanted: Sequence[Any], shown: Sequence[Any]) -> tuple[Difference, ...]:
    """What of the pages of an answer is not as in those of a request."""
    if len(wanted) != len(shown):
        return (Difference(None, None, f"{len(wanted)} pages", f"{len(shown)} pages"),)
    return tuple(one for number, pair in enumerate(zip(wanted, shown, strict=True)) for one in _pages(number, *pair))


def _pages(number: int, wanted: Any, shown: Any) -> Iterator[Difference]:
    if wanted.layout_template_id != shown.layout_template_id:
        yield Difference(number, None, *(f"template {one.layout_template_id}" for one in (wanted, shown)))
        return
    turns = [_turns(one) for one in (wanted, shown)]
    if turns[0] != turns[1]:
        yield Difference(number, None, *turns)
    cells = [{one.grid_id: one for one in page.user_seat_list or ()} for page in (wanted, shown)]
    for cell in dict.fromkeys([*cells[0], *cells[1]]):
        pair = cells[0].get(cell), cells[1].get(cell)
        if not _alike(*pair):
            yield Difference(number, cell, *(_words(one) for one in pair))


def _turns(page: Any) -> str:
    polling = getattr(page, "polling_setting", None)
    if polling is None or not page.enable_polling:
        return "no turns"
    unit = "minutes" if polling.polling_interval_unit == IntervalUnit.MINUTE else "seconds"
    passed = [word for word in ("novideo", "absence") if getattr(polling, f"ignore_user_{word}")]
    return f"turns of {polling.polling_interval} {unit}{', passing over '.join(['', *passed])}"


def _sitting(seat: Any) -> Sequence[Any]:
    if not hasattr(seat, "user_list"):
        return [seat] if seat.userid or seat.ms_open_id or seat.username else []
    return seat.user_list or ()


def _kind(seat: Any) -> str:
    if seat is None:
        return ANYBODY
    if seat.grid_type in {SCREEN, GridType.APP}:
        return SHARED if seat.grid_type == SCREEN else APP
    if _sitting(seat):
        return PEOPLE
    return SPEAKER if getattr(seat, "video_type", None) == VideoType.SPEAKER else ANYBODY


def _alike(wanted: Any, shown: Any) -> bool:
    """Answers leave some members out: what they do not show does not differ."""
    if (kind := _kind(wanted)) != _kind(shown):
        return False
    if kind == APP:
        return shown.tool_sdkid in {None, wanted.tool_sdkid}
    return kind != PEOPLE or all(
        one is not None and other is not None and _same(one, other)
        for one, other in zip_longest(_sitting(wanted), _sitting(shown))
    )


def _same(one: Any, other: Any) -> bool:
    """By the first kind of id that both have."""
    for name in ("userid", "ms_open_id", "username"):
        if (mine := getattr(one, name)) and (theirs := getattr(other, name)):
            return bool(mine == theirs)
    return False


def _words(seat: Any) -> str:
    kind = _kind(seat)
    if kind == APP:
        return f"app {getattr(seat, 'tool_sdkid', None) or ''}".strip()
    if kind != PEOPLE:
        return kind
    return ", ".join(one.userid or one.username or one.ms_open_id or "somebody" for one in _sitting(seat))
