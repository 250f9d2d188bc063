"""Finding a new time: what is free, what was wished, what to offer, and which one was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Optional, Sequence

from bot.backend.contract import Format, FreeTime
from bot.clock import COPENHAGEN
from bot.dialogue.asking import STAFF, STOP, Pick, Step, ask, pick, picked
from bot.dialogue.choosing import direction, no_new_time, ordinal, plainly_chosen, wish_of
from bot.dialogue.danish import day as day_words
from bot.dialogue.danish import in_copenhagen, show_time
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Part, Reply
from bot.dialogue.state import Flow, Wish
from bot.dialogue.turn import TimeMention, Turn

OFFERED = 4
"""How many times a question offers: what fits a phone's screen and one text message."""
PER_DAY = 2
"""How many of them on one day, so that the offer spans several days."""


def midnight_after(local: date) -> datetime:
    """The end of a local day, as an instant of Copenhagen time."""
    return datetime.combine(local + timedelta(days=1), time(0), tzinfo=COPENHAGEN)


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
    return ordinal(turn.text, len(flow.readings))


def take_choice(flow: Flow, turn: Turn, mentions: Sequence[TimeMention]) -> Flow:
    """What the turn says about the new time: one of the offered, none now, or another wish."""
    if picked(turn, "without") or (flow.asked in ("time", "confirm") and no_new_time(turn.text)):
        return flow.with_(without_new_time=True, chosen=None, proposal=None)
    by_id = picked(turn, "time")
    for offered in flow.offered:
        if offered.id == by_id:
            return flow.with_(chosen=offered, without_new_time=False)
    format = turn.format or picked(turn, "format")
    if format and format != flow.format:
        keeps = flow.chosen is not None and format in flow.chosen.formats
        flow = flow.with_(format=format, proposal=None, chosen=flow.chosen if keeps else None)
        flow = flow if keeps else flow.with_(offered=())
    if flow.asked in ("time", "confirm") and flow.offered:
        chosen = plainly_chosen(turn, flow.offered)
        if chosen is not None:
            return flow.with_(chosen=chosen, proposal=None, without_new_time=False)
    return _take_wish(flow, turn, mentions)


def _take_wish(flow: Flow, turn: Turn, mentions: Sequence[TimeMention]) -> Flow:
    away = picked(turn, "away") or (
        direction(turn.text) if flow.asked in ("time", "confirm") and flow.offered else None
    )
    if mentions:
        ambiguous = [m for m in mentions if m.dated and m.other is not None and m.start is not None]
        if ambiguous and not flow.readings:
            first = ambiguous[0]
            assert first.start is not None
            assert first.other is not None
            return flow.with_(readings=tuple(sorted((first.other, first.start))), chosen=None)
        return flow.with_(
            wish=wish_of(mentions, flow.wish), chosen=None, proposal=None, offered=(), readings=(),
            without_new_time=False,
        )  # fmt: skip
    if away and flow.offered:
        return flow.with_(
            wish=_moved(flow, away), chosen=None, proposal=None, offered=(),
            without_new_time=False,
        )  # fmt: skip
    return flow


def settle_day(flow: Flow, turn: Turn, facts: Facts) -> Optional[Step]:
    """Where "næste torsdag" can be two days: the question which; None once it is one."""
    if not flow.readings:
        return None
    today = in_copenhagen(turn.now).date()
    picks = [
        Pick(Part("choice_day", {"day": day_words(reading.date(), today)}), {"day": index})
        for index, reading in enumerate(flow.readings)
    ]
    return ask(flow, turn, "which_day", [Part("which_day")], [*picks, STOP])


def take_day(flow: Flow, index: int) -> Flow:
    """One of the two readings as the wish."""
    start = flow.readings[index]
    end = midnight_after(start.astimezone(COPENHAGEN).date())
    wish = (flow.wish or Wish()).copy(update={"start": start, "end": end})
    return flow.with_(wish=wish, readings=(), offered=(), chosen=None)


def offer(
    flow: Flow,
    turn: Turn,
    facts: Facts,
    intro: Sequence[Part] = (),
    prevented: Optional[date] = None,
) -> Step:
    """Offer free times, or go on with the one that fits the wish. Raises BackendUnavailable.

    `prevented`: a local day on which the member can't come; unasked, its times are offered last of all.
    Returns a Step whose flow has `chosen` set and nothing asked where just one time fits a wish.
    """
    if flow.offered and flow.asked == "time":
        return _list(flow, turn, facts, [*intro, Part("times_again")])
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
    if not free:
        return _nothing_free(flow, turn, facts, by, parts)
    wished = [t for t in free if flow.wish is None or flow.wish.allows(in_copenhagen(t.start))]
    if flow.name != "book" and not wished and flow.wish is not None:
        wished = [t for t in beyond if flow.wish.allows(in_copenhagen(t.start))]
    if flow.wish is not None and len(wished) == 1:
        return Step(flow.with_(chosen=wished[0], offered=tuple(wished)), _said(parts))
    if flow.wish is None:
        wished = [t for t in wished if in_copenhagen(t.start).date() != prevented] or wished
    if wished:
        key = "times_wished" if flow.wish else "times_offered"
        parts.append(_intro(key, by, turn, wished, end))
        return _list(flow.with_(offered=spread(wished)), turn, facts, parts)
    parts.append(Part("no_time_as_wished"))
    flow = flow.with_(offered=nearest(free, flow.wish), wish=None)
    return _list(flow, turn, facts, parts)


def spread(times: Sequence[FreeTime]) -> tuple[FreeTime, ...]:
    """The first few, over several days and clock times where there are more than fit."""
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


def nearest(times: Sequence[FreeTime], wish: Optional[Wish]) -> tuple[FreeTime, ...]:
    """The times on either side of a wish that nothing fits; of a clock time alone, those nearest to it."""
    if wish is None:
        return spread(times)
    by_start: dict[datetime, FreeTime] = {}
    for free in times:
        by_start.setdefault(free.start, free)
    each = list(by_start.values())
    anchor = wish.start or wish.end
    if anchor is None:
        gap = min(_minutes_from(wish, t) for t in each)
        return spread([t for t in each if _minutes_from(wish, t) == gap])
    if wish.start is not None and wish.from_hour is not None:
        anchor = datetime.combine(wish.start.astimezone(COPENHAGEN), wish.from_hour, COPENHAGEN)
    before = [t for t in each if t.start < anchor][-2:]
    after = [t for t in each if t.start >= anchor][: OFFERED - len(before)]
    return tuple([*before, *after])


def _minutes_from(wish: Wish, offered: FreeTime) -> int:
    """How far the time of day is from the hours wished."""
    local = in_copenhagen(offered.start)
    begin, end = wish.from_hour or time(0), wish.to_hour or time(23, 59)
    clock, first, last = (t.hour * 60 + t.minute for t in (local.time(), begin, end))
    return max(first - clock, clock - last, 0)


def _moved(flow: Flow, away: str) -> Optional[Wish]:
    wish = flow.wish or Wish()
    first, last = in_copenhagen(flow.offered[0].start), in_copenhagen(flow.offered[-1].start)
    if away == "earlier":
        return wish.copy(update={"start": None, "end": first})
    if away == "later":
        return wish.copy(update={"start": last + timedelta(minutes=1), "end": None})
    return Wish(start=midnight_after(last.date()))


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
    why = "no_free_time" if said.key == "no_free_time_by" else "member_asked"
    staff = {**STAFF.payload, "why": why}
    picks = [Pick(STAFF.title, staff, STAFF.intent), STOP]
    if flow.name == "afbud":
        picks.insert(0, pick("choice_without_new_time", without=True))
    step = ask(flow, turn, "time", [*parts, said], picks)
    yes = {"intent": STAFF.intent, **staff}
    return replace(step, reply=replace(step.reply, yes=yes))


def _list(flow: Flow, turn: Turn, facts: Facts, parts: Sequence[Part]) -> Step:
    assert flow.kind is not None
    picks = [
        Pick(
            Part(
                "choice_time",
                {"time": show_time(t, flow.kind, flow.format, facts.profile, turn.now)},
            ),
            {"time": t.id},
        )
        for t in flow.offered
    ]
    picks.append(pick("choice_later", away="later"))
    if flow.name == "afbud":
        picks.append(pick("choice_without_new_time", without=True))
    return ask(flow, turn, "time", parts, picks)


def _said(parts: Sequence[Part]) -> Reply:
    return Reply(tuple(parts))
