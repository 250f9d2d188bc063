"""A question back when it is unclear what the member means: what it names, and how its answer is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from bot.dialogue.asking import staff_choice, start
from bot.dialogue.choosing import ordinal
from bot.dialogue.edge import capabilities
from bot.dialogue.flows import STARTS
from bot.dialogue.reply import Part, Reply
from bot.dialogue.several import OWN
from bot.dialogue.turn import Turn

SUGGESTED = 3
"""How many readings "mente du" names at most."""

SUGGESTABLE: tuple[str, ...] = (
    *STARTS, *sorted(OWN),
    "faq_contact_course", "faq_first_six_months", "faq_after_six_months", "faq_cv_meeting",
    "faq_min_plan", "faq_job_search_requirements", "faq_joblog", "faq_raadighedssamtale",
    "faq_jobcenter_meetings", "faq_book_jobcenter", "faq_book_akasse", "faq_booking_deadline",
    "faq_no_free_time", "faq_invitation", "faq_akasse_at_jobcenter", "faq_digital_meetings",
    "faq_duty_to_attend", "faq_valid_absence", "faq_how_to_afbud", "faq_no_show",
    "faq_invalid_absence", "faq_availability_doubt",
)  # fmt: skip
"""What "mente du" may name: what a member can want, no small talk; a person is offered beside it."""

SURE = 0.45
"""So likely has it to be that a reason is given for not coming; `sure_above` in `bot.nlu.confidence`."""


def suggestions(turn: Turn) -> tuple[str, ...]:
    """The likeliest things that the member can have wanted; with a reason named, an afbud first."""
    named = [name for name, _ in turn.ranking if name in SUGGESTABLE]
    of_reason = _of_reason(turn)
    if of_reason is not None:
        named.insert(0, of_reason)
    return tuple(dict.fromkeys(named))[:SUGGESTED]


def did_you_mean(suggested: tuple[str, ...]) -> Reply:
    """The suggestions as choices, and a person; without any, what the bot can do."""
    if not suggested:
        return Reply((Part("not_understood"),), capabilities())
    choices = tuple(start(f"meant_{name}", name) for name in suggested)
    return Reply((Part("did_you_mean"),), (*choices, start("meant_none", "handoff")))


def about_what() -> Reply:
    """A bare day, format or the like, and nothing under way that it could belong to."""
    choices = (*capabilities(), start("choice_move", "reschedule_meeting"))
    return Reply((Part("about_what"),), choices)


def taken(suggested: tuple[str, ...], turn: Turn) -> Optional[str]:
    """The suggestion that the member names ("den anden", "2", a yes to the only one), or None."""
    if turn.intent == "affirm" and len(suggested) == 1:
        return suggested[0]
    listed = (*suggested, "handoff")
    place = ordinal(turn.text, len(listed)) if suggested else None
    return None if place is None else listed[place]


def reads_as(turn: Turn) -> Optional[str]:
    """What a bare reason ("ligger med 40 i feber") means with nothing under way; None where none is given.

    A question is never taken so. Nothing is changed by it: the flow it begins asks before it acts.
    """
    meant = _of_reason(turn)
    if meant is None or turn.choice is not None:
        return None
    likely = sum(chance for name, chance in turn.ranking if name in ("inform", "afbud"))
    if turn.intent != "inform" and likely < SURE:
        return None
    return meant


def is_it_why(turn: Turn) -> Reply:
    """After what the bot knows nothing about: whether a reason named in it is why the member can't come.

    A bare yes begins the afbud with that reason. Empty where none is named.
    """
    if _of_reason(turn) != "afbud":
        return Reply()
    wanted = start("choice_give_afbud", "afbud")
    afbud = replace(wanted, payload={**wanted.payload, "reason": turn.reason})
    return Reply((Part("or_afbud"),), (afbud, staff_choice()), yes=afbud.payload)


def _of_reason(turn: Turn) -> Optional[str]:
    """The intent that a reason stands for; a question gives none."""
    if turn.reason is None or turn.asks or "?" in turn.text:
        return None
    return "missed_meeting" if turn.reason == "forgot" else "afbud"
