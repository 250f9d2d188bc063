"""Questions about what is offered, proposed or was just done: "er de på skærm?", "gik det igennem?"."""

from __future__ import annotations

from datetime import timedelta
from typing import Optional

from bot.dialogue.danish import short_when, show_meeting, show_time
from bot.dialogue.facts import Facts
from bot.dialogue.moves import Ask
from bot.dialogue.new_time import format_of
from bot.dialogue.reply import Part, Reply
from bot.dialogue.state import Dialogue, Flow
from bot.dialogue.turn import Turn

_MINUTE = timedelta(minutes=1)


def tell(ask: Ask, dialogue: Dialogue, turn: Turn, facts: Facts) -> Optional[Reply]:
    """The answer; None where nothing is on the table. Raises BackendUnavailable."""
    flow = dialogue.flow
    if flow is not None and flow.asked in ("time", "confirm") and flow.offered:
        parts = _proposed(flow, turn, facts) if flow.chosen else _offered(flow)
        first = flow.chosen or flow.offered[0]
        if ask.aspect == "length":
            parts = (Part("own_length", {"minutes": (first.end - first.start) // _MINUTE}),)
        elif ask.aspect == "adviser":
            parts = _advisers(flow)
        return Reply(parts)
    if flow is not None and flow.meeting is not None:
        for meeting in facts.meetings():
            if meeting.id == flow.meeting:
                if flow.name == "format" and flow.format is not None:
                    meeting = meeting.copy(update={"format": flow.format})
                shown = show_meeting(meeting, facts.profile, turn.now)
                return Reply((Part("table_meeting", {"meeting": shown}),))
    if dialogue.receipt is not None:
        for meeting in facts.meetings():
            if meeting.id == dialogue.receipt.meeting:
                values = {
                    "meeting": show_meeting(meeting, facts.profile, turn.now),
                    "receipt": dialogue.receipt.number,
                }  # fmt: skip
                key = "table_off" if meeting.status == "cancelled" else "table_kept"
                return Reply((Part(key, values),))
    return None


def _advisers(flow: Flow) -> tuple[Part, ...]:
    """Whom the times are with."""
    if flow.chosen is not None:
        return (Part("table_adviser", {"advisers": [flow.chosen.adviser]}),)
    by_name: dict[str, list[str]] = {}
    for free in flow.offered:
        by_name.setdefault(free.adviser, []).append(short_when(free.start))
    if len(by_name) == 1:
        return (Part("table_adviser", {"advisers": list(by_name)}),)
    return tuple(
        Part("table_adviser_of", {"adviser": name, "times": times})
        for name, times in by_name.items()
    )


def _proposed(flow: Flow, turn: Turn, facts: Facts) -> tuple[Part, ...]:
    assert flow.chosen is not None
    assert flow.kind is not None
    body = flow.proposal.command.body if flow.proposal else {}
    format = body.get("new_format") or body.get("format") or format_of(flow, flow.chosen, None)
    shown = show_time(flow.chosen, flow.kind, format, facts.profile, turn.now)
    both = Part(f"table_also_{format}") if len(flow.chosen.formats) > 1 else None
    return tuple(filter(None, (Part("table_proposed", {"new": shown}), both)))


def _offered(flow: Flow) -> tuple[Part, ...]:
    """How and where the offered times are held."""
    digital = [short_when(free.start) for free in flow.offered if free.formats == ["digital"]]
    in_person = [short_when(free.start) for free in flow.offered if free.formats == ["in_person"]]
    office = flow.offered[0].office
    wished = flow.format
    if wished is not None and all(wished in free.formats for free in flow.offered):
        return (Part(f"table_all_can_{wished}", {"office": office}),)
    values = {"office": office, "digital": digital, "in_person": in_person}
    if len(digital) == len(flow.offered):
        return (Part("table_all_digital", values),)
    if len(in_person) == len(flow.offered):
        return (Part("table_all_in_person", values),)
    if not digital and not in_person:
        return (Part("table_all_both", values),)
    only_digital = (Part("table_some_digital", values),) if digital else ()
    only_in_person = (Part("table_some_in_person", values),) if in_person else ()
    return (*only_digital, *only_in_person, Part("table_where", values))
