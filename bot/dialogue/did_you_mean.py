"""A question back when it is unclear what the member means: what it names, as choices."""

from __future__ import annotations

from bot.dialogue.asking import start
from bot.dialogue.edge import capabilities
from bot.dialogue.matters import SUGGESTABLE
from bot.dialogue.reply import Part, Reply

SUGGESTED = 3
"""How many readings "mente du" names at most."""


def did_you_mean(nearest: tuple[str, ...]) -> Reply:
    """The likeliest readings as choices, and a person; without any, what the bot can do."""
    suggested = [name for name in nearest if name in SUGGESTABLE][:SUGGESTED]
    if not suggested:
        return Reply((Part("not_understood"),), capabilities())
    choices = tuple(start(f"meant_{name}", name) for name in suggested)
    yes = choices[0].payload if len(choices) == 1 else None
    return Reply((Part("did_you_mean"),), (*choices, start("meant_none", "handoff")), yes=yes)


def about_what() -> Reply:
    """A bare day, format or the like, and nothing under way that it could belong to."""
    choices = (*capabilities(), start("choice_move", "reschedule_meeting"))
    return Reply((Part("about_what"),), choices)
