"""Finding a new time: what is free, what was wished, what to offer, and which one was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Optional, Sequence

from bot.backend.contract import Format, FreeTime
from bot.clock import COPENHAGEN
from bot.dialogue.asking import STAFF, STOP, Pick, Step, ask, pick, picked
from bot.dialogue.danish import day as day_words
from bot.dialogue.danish import in_copenhagen, show_time
from bot.dialogue.facts import Facts
from bot.dialogue.moves import NoNewTime, TimeMention, WishFor
from bot.dialogue.reply import Part, Reply
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.dialogue.wish import Span, Wish
from bot.dialogue.wished import midnight_after, wish_of

OFFERED = 4
"""How many times a question offers: what fits a phone's screen and one text message."""
PER_DAY = 2
"""How many of them on one day, so that the offer spans several days."""
_MINUTE = timedelta(minutes=1)


def deadline(flow: Flow, facts: Facts) -> Optional[date]:
    """By when a meeting of the flow's kind must be booked and held, or None. Raises BackendUnavailable."""
    course = facts.course()
    dates = [
        invitation.book_by for invitation in course.invitations
        if invitation.kind == flow.kind and invitation.status in _BINDING[flow.name]
    ]  # fmt: skip
    if not dates and course.next is not None and course.next.kind == flow.kind:
        dates = [course.next.book_by]
    return min(dates) if flow.name == "book" and dates else max(dates, default=None)


_BINDING = {
    name: ("open",) if name in ("book", "missed") else ("open", "booked")
    for name in ("afbud", "move", "book", "format", "participation", "missed")
}


def take_time(flow: Flow, turn: Turn, mentions: Sequence[TimeMention]) -> Flow:
    """What the turn says about the new time, also as the answer to which of two days was meant."""
    if not flow.readings:
        return take_choice(flow, turn, mentions)
    index = _which_reading(flow, turn)
    if index is not None:
        return take_day(flow, index)
    return take_choice(flow.with_(readings=()), turn, mentions) if mentions else flow


def _which_reading(flow: Flow, turn: Turn) -> Optional[int]:
    chosen = picked(turn, "day")
    if chosen is not None:
        return int(chosen)
    for index, reading in enumerate(flow.readings):
        if any(mention.start == reading for mention in turn.times):
            return index
    return None


def take_choice(flow: Flow, turn: Turn, mentions: Sequence[TimeMention]) -> Flow:
    """What the turn says about the new time: one of the offered, none now, or another wish."""
    if picked(turn, "without") or turn.has(NoNewTime):
        return flow.with_(without_new_time=True, chosen=None, proposal=None)
    by_id = picked(turn, "time")
    for offered in flow.offered:
        if offered.id == by_id:
            flow = flow.with_(chosen=offered, proposal=None, without_new_time=False)
            return _take_format(flow, turn)
    return _take_wish(_take_format(flow, turn), turn, mentions)


def _take_format(flow: Flow, turn: Turn) -> Flow:
    format = turn.format or picked(turn, "format")
    if not format or format == flow.format:
        return flow
    keeps = flow.chosen is not None and format in flow.chosen.formats
    flow = flow.with_(format=format, proposal=None, chosen=flow.chosen if keeps else None)
    return flow if keeps else flow.with_(offered=())


def _take_wish(flow: Flow, turn: Turn, mentions: Sequence[TimeMention]) -> Flow:
    wished = turn.wish or WishFor()
    ambiguous = [
        m for m in mentions
        if m.dated and m.other is not None and m.start is not None and not m.denied
    ]  # fmt: skip
    if ambiguous and not flow.readings and not wished.relations:
        first = ambiguous[0]
        assert first.start is not None
        assert first.other is not None
        return flow.with_(readings=tuple(sorted((first.other, first.start))), chosen=None)
    new = wish_of(mentions, wished, flow)
    away = picked(turn, "away") or (wished.direction if flow.offered else None)
    if away == "none" and new.says_something:
        away = None
    if not new.says_something and away and flow.offered:
        new = _moved(flow, away)
    if not new.says_something and new.order == "earliest" and wished.order is None:
        return flow
    wish = (flow.wish or Wish()).and_(new)
    if new.days == () and new.hours and any(m.exact for m in mentions) and flow.wish is not None:
        wish = Wish(days=flow.wish.days, hours=new.hours, never=wish.never, order=wish.order)
    return flow.with_(
        wish=wish, chosen=None, proposal=None, offered=(), readings=(), without_new_time=False,
    )  # fmt: skip


def settle_day(flow: Flow, turn: Turn, facts: Facts) -> Optional[Step]:
    """Where "næste torsdag" can be two days: the question which; None once it is one."""
    if not flow.readings:
        return None
    today = in_copenhagen(turn.now).date()
    picks = [
        Pick(
            Part("choice_day", {"day": day_words(in_copenhagen(reading).date(), today)}),
            {"day": index},
        )
        for index, reading in enumerate(flow.readings)
    ]
    return ask(flow, turn, "which_day", [Part("which_day")], [*picks, STOP])


def take_day(flow: Flow, index: int) -> Flow:
    """One of the two readings as the wish."""
    start = in_copenhagen(flow.readings[index])
    span = Span(start=start, end=midnight_after(start.date()))
    wish = (flow.wish or Wish()).copy(update={"days": (span,)})
    return flow.with_(wish=wish, readings=(), offered=(), chosen=None)


def offer(
    flow: Flow,
    turn: Turn,
    facts: Facts,
    intro: Sequence[Part] = (),
    prevented: Optional[date] = None,
    own_format: Optional[Format] = None,
) -> Step:
    """Offer free times, or go on with the one that fits the wish. Raises BackendUnavailable.

    `prevented`: a local day on which the member can't come; unasked, its times are offered last of all.
    `own_format`: the format of the meeting that is replaced; unasked, times that have it come first.
    Returns a Step whose flow has `chosen` set and nothing asked where just one time fits a wish.
    """
    if flow.offered and flow.asked == "time":
        return _list(flow, turn, facts, [*intro, Part(again_key(flow))], own_format)
    assert flow.kind is not None
    by = deadline(flow, facts)
    end = midnight_after(by) if by else None
    parts = list(intro)
    kind = flow.kind
    format = _allowed(flow, facts)
    if flow.format and format is None:
        parts.append(Part("format_not_for_kind", {"kind": facts.profile.kind(flow.kind)}))
        flow = flow.with_(format=None)
    free = [t for t in facts.times(kind, format, limit=400) if t.start > turn.now]
    inside = [t for t in free if end is None or t.start < end]
    if flow.name == "book" or inside:
        beyond, free = free, inside
    else:
        beyond = []
    if not free and flow.format is not None:
        other = [t for t in facts.times(kind, None, limit=400) if t.start > turn.now]
        if [t for t in other if flow.name != "book" or end is None or t.start < end]:
            parts.append(Part(f"none_{flow.format}"))
            return offer(flow.with_(format=None), turn, facts, parts, prevented, own_format)
    if not free:
        return _nothing_free(flow, turn, facts, by, parts)
    wish = flow.wish
    wished = [t for t in free if wish is None or wish.allows(in_copenhagen(t.start))]
    if flow.name != "book" and not wished and wish is not None:
        wished = [t for t in beyond if wish.allows(in_copenhagen(t.start))]
    says = wish is not None and wish.says_something
    each = _one_each(wished, format or own_format)
    if says and len(each) == 1:
        return Step(flow.with_(chosen=each[0], offered=tuple(each)), _said(parts))
    if wish is None or not wish.days:
        each = [t for t in each if in_copenhagen(t.start).date() != prevented] or each
    if wish is not None and wish.order == "latest":
        each = _latest_of_each_day(each)
    if each:
        key = "times_wished" if says else "times_offered"
        parts.append(_intro(key, by, turn, each, end))
        offered = spread(each, format or own_format)
        return _list(flow.with_(offered=offered), turn, facts, parts, own_format)
    parts.append(Part("no_time_as_wished"))
    assert wish is not None
    kept = Wish(never=wish.never) if wish.never else None
    left = [t for t in free if kept is None or kept.allows(in_copenhagen(t.start))] or free
    flow = flow.with_(offered=nearest(left, wish, own_format), wish=kept)
    return _list(flow, turn, facts, parts, own_format)


def again_key(flow: Flow) -> str:
    """How the list is put again; the second time more simply."""
    return "times_again" if flow.tries == 0 else "times_again_simply"


def _latest_of_each_day(times: Sequence[FreeTime]) -> list[FreeTime]:
    """The last few of each day."""
    by_day: dict[date, list[FreeTime]] = {}
    for free in times:
        by_day.setdefault(in_copenhagen(free.start).date(), []).append(free)
    return [free for each in by_day.values() for free in each[-PER_DAY:]]


def _one_each(times: Sequence[FreeTime], format: Optional[Format]) -> list[FreeTime]:
    """One time for each beginning, where it can be one that has the format."""
    best: dict[datetime, FreeTime] = {}
    for free in times:
        known = best.get(free.start)
        if known is None or (format in free.formats and format not in known.formats):
            best[free.start] = free
    return [best[start] for start in sorted(best)]


def spread(times: Sequence[FreeTime], format: Optional[Format] = None) -> tuple[FreeTime, ...]:
    """The first few, over several days and clock times; those that have the format first."""
    fitting = [one for one in times if format is None or format in one.formats]
    times = fitting or times
    chosen: list[FreeTime] = []
    seen: set[datetime] = set()
    for limit in (PER_DAY, OFFERED):
        per_day: dict[date, int] = {}
        for kept in chosen:
            day = in_copenhagen(kept.start).date()
            per_day[day] = per_day.get(day, 0) + 1
        for time_ in times:
            day = in_copenhagen(time_.start).date()
            if len(chosen) < OFFERED and time_.start not in seen and per_day.get(day, 0) < limit:
                chosen.append(time_)
                seen.add(time_.start)
                per_day[day] = per_day.get(day, 0) + 1
    return tuple(sorted(chosen, key=lambda one: one.start))


def nearest(
    times: Sequence[FreeTime], wish: Wish, format: Optional[Format] = None
) -> tuple[FreeTime, ...]:
    """The times on either side of a wish that nothing fits; of a clock time alone, those nearest to it."""
    each = _one_each(times, format)
    anchor = next((span.start or span.end for span in wish.days), None)
    hours = wish.hours[0] if wish.hours else Span()
    if anchor is None:
        gap = min(_minutes_from(hours, t) for t in each)
        return spread([t for t in each if _minutes_from(hours, t) == gap])
    if hours.from_hour is not None:
        anchor = datetime.combine(in_copenhagen(anchor).date(), hours.from_hour, COPENHAGEN)
    before = [t for t in each if t.start < anchor][-2:]
    after = [t for t in each if t.start >= anchor][: OFFERED - len(before)]
    return tuple([*before, *after])


def _minutes_from(hours: Span, offered: FreeTime) -> int:
    """How far the time of day is from the hours wished."""
    local = in_copenhagen(offered.start)
    begin, end = hours.from_hour or time(0), hours.to_hour or time(23, 59)
    clock, first, last = (t.hour * 60 + t.minute for t in (local.time(), begin, end))
    return max(first - clock, clock - last, 0)


def _moved(flow: Flow, away: str) -> Wish:
    first, last = in_copenhagen(flow.offered[0].start), in_copenhagen(flow.offered[-1].start)
    if away == "earlier":
        return Wish(days=(Span(end=first),))
    if away == "later":
        return Wish(days=(Span(start=last + _MINUTE),))
    return Wish(days=(Span(start=midnight_after(last.date())),))


def _allowed(flow: Flow, facts: Facts) -> Optional[Format]:
    assert flow.kind is not None
    return flow.format if flow.format in facts.profile.kind(flow.kind).formats else None


def _intro(
    key: str, by: Optional[date], turn: Turn, times: Sequence[FreeTime], end: Optional[datetime]
) -> Part:
    if by is None:
        return Part(key)
    words = day_words(by, in_copenhagen(turn.now).date())
    outside = end is not None and any(t.start >= end for t in times[:OFFERED])
    return Part(f"{key}_beyond" if outside else f"{key}_by", {"deadline": words})


def _nothing_free(
    flow: Flow, turn: Turn, facts: Facts, by: Optional[date], parts: Sequence[Part]
) -> Step:
    support = facts.profile.support
    if by is not None and flow.name == "book":
        words = day_words(by, in_copenhagen(turn.now).date())
        said = Part("no_free_time_by", {"deadline": words, "support": support})
    else:
        said = Part("no_free_time", {"support": support})
    if turn.waiting:  # a person is awaited already
        return Step(None, Reply((*parts, Part("no_free_time_waiting"))))
    why = "no_free_time" if said.key == "no_free_time_by" else "member_asked"
    staff = {**STAFF.payload, "why": why}
    picks = [Pick(STAFF.title, staff, STAFF.intent), STOP]
    if flow.name == "afbud":
        picks.insert(0, pick("choice_without_new_time", without=True))
    step = ask(flow, turn, "time", [*parts, said], picks)
    yes = {"intent": STAFF.intent, **staff}
    return replace(step, reply=replace(step.reply, yes=yes))


def _list(
    flow: Flow, turn: Turn, facts: Facts, parts: Sequence[Part], own_format: Optional[Format] = None
) -> Step:
    """The offered times as choices; one that will not be as the meeting before it says so in its title."""
    assert flow.kind is not None
    usual: Format = own_format or "in_person"
    picks = []
    for free in flow.offered:
        format = format_of(flow, free, own_format)
        words = show_time(free, flow.kind, format, facts.profile, turn.now)
        title = "choice_time" if format == usual else f"choice_time_{format}"
        picks.append(Pick(Part(title, {"time": words}), {"time": free.id}))
    picks.append(pick("choice_later", away="later"))
    if flow.name == "afbud":
        picks.append(pick("choice_without_new_time", without=True))
    return ask(flow, turn, "time", parts, picks)


def format_of(flow: Flow, free: FreeTime, own_format: Optional[Format]) -> Format:
    """How the new meeting will be held: as wished, else as the meeting before it, else as the time has it."""
    for format in (flow.format, own_format):
        if format is not None and format in free.formats:
            return format
    return free.formats[0]


def _said(parts: Sequence[Part]) -> Reply:
    return Reply(tuple(parts))
