"""The Jobcenter's meetings: shown, never changed; whose they are and where it is done is said."""

from __future__ import annotations

from bot.backend.contract import Meeting
from bot.dialogue.asking import Step, staff_choice
from bot.dialogue.danish import show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.reply import Part, Reply
from bot.dialogue.turn import Turn


def not_ours(meeting: Meeting, turn: Turn, facts: Facts, wanted: str) -> Step:
    """Say that the Jobcenter's meeting is changed at the Jobcenter's site. Ends the flow."""
    words = show_meeting(meeting, facts.profile, turn.now)
    part = Part(f"jobcenter_{wanted}", {"meeting": words, "systems": facts.profile.systems})
    return Step(None, Reply((part,), (staff_choice(),)))
