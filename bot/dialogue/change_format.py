"""Holding a meeting digitally, or in person instead: allowed or not, and why."""

from __future__ import annotations

from bot.dialogue.asking import Step, picked, staff_choice
from bot.dialogue.confirming import propose
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.jobcenter import not_ours
from bot.dialogue.reply import Part, Reply
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import none_to_change, settle, upcoming


def change_format(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """One turn of a change of format. Raises BackendUnavailable."""
    among = upcoming(facts, turn)
    if not among:
        return none_to_change(facts)
    ours = [meeting for meeting in among if meeting.owner == "akasse"]
    found = settle(flow, turn, facts, ours if ours and not turn.kinds else among)
    if isinstance(found, Step):
        return found
    if found.owner == "jobcenter":
        return not_ours(found, turn, facts, "format")
    wanted = turn.format or picked(turn, "format") or flow.format
    if wanted is None:
        wanted = "in_person" if found.format == "digital" else "digital"
    words = show_meeting(found, facts.profile, turn.now)
    staff = staff_choice()
    if wanted == found.format:
        return Step(None, Reply((Part("format_already", {"meeting": words}),), (staff,)))
    if wanted not in facts.profile.kind(found.kind).formats:
        part = Part("format_not_allowed", {"meeting": words})
        return Step(None, Reply((part,), (staff,)))
    flow = flow.with_(meeting=found.id, kind=found.kind, format=wanted, about=found.start)
    new = show_meeting(found.copy(update={"format": wanted}), facts.profile, turn.now)
    parts = [Part(f"format_confirm_{wanted}", {"meeting": new})]
    return propose(flow, turn, facts, "format", found.id, {"format": wanted}, parts)
