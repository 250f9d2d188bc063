"""Asking the a-kasse to join a meeting at the Jobcenter (F11): a request, which staff answer."""

from __future__ import annotations

from bot.dialogue.asking import Step, staff_choice
from bot.dialogue.confirming import propose
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Part, Reply
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import settle, upcoming


def participation(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """One turn of the request. Raises BackendUnavailable."""
    among = [meeting for meeting in upcoming(facts, turn) if meeting.owner == "jobcenter"]
    staff = staff_choice()
    systems = facts.profile.systems
    if not facts.profile.akasse_joins_jobcenter:
        return Step(None, Reply((Part("participation_never"),), (staff,)))
    if not among:
        return Step(None, Reply((Part("participation_none", {"systems": systems}),), (staff,)))
    found = settle(flow, turn, facts, among)
    if isinstance(found, Step):
        return found
    words = show_meeting(found, facts.profile, turn.now)
    if found.participation is not None:
        part = Part(f"participation_{found.participation}", {"meeting": words})
        return Step(None, Reply((part,), (staff,)))
    flow = flow.with_(meeting=found.id, kind=found.kind, about=found.start)
    parts = [Part("participation_confirm", {"meeting": words})]
    return propose(flow, turn, facts, "participation", found.id, {}, parts)
