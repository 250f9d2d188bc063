"""The names of what a member can mean: in the intent catalogue ("faq/min_plan") and inside Rasa.

Rasa takes a "/" in an intent for a retrieval intent, so there the questions are "faq_min_plan".
"""

from __future__ import annotations

OWN_CASE = (
    "ask_next_meeting", "ask_booking_deadline", "ask_my_course", "book_meeting", "afbud",
    "reschedule_meeting", "change_format", "request_participation", "missed_meeting", "handoff",
)  # fmt: skip
QUESTIONS = (
    "faq/contact_course", "faq/first_six_months", "faq/after_six_months", "faq/cv_meeting",
    "faq/min_plan", "faq/job_search_requirements", "faq/joblog", "faq/raadighedssamtale",
    "faq/jobcenter_meetings", "faq/book_jobcenter", "faq/book_akasse", "faq/booking_deadline",
    "faq/no_free_time", "faq/invitation", "faq/akasse_at_jobcenter", "faq/digital_meetings",
    "faq/duty_to_attend", "faq/valid_absence", "faq/how_to_afbud", "faq/no_show",
    "faq/invalid_absence", "faq/availability_doubt",
)  # fmt: skip
INSIDE_A_FLOW = ("affirm", "deny", "inform", "stop", "repeat")
EDGE = (
    "greet", "goodbye", "thanks", "ask_capabilities", "bot_challenge", "negative_feedback",
    "out_of_scope",
)  # fmt: skip
INTENTS: tuple[str, ...] = (*OWN_CASE, *QUESTIONS, *INSIDE_A_FLOW, *EDGE)
"""Every intent of the catalogue, by its catalogue name."""

_TO_RASA = {name: name.replace("/", "_") for name in INTENTS}
_FROM_RASA = {rasa: name for name, rasa in _TO_RASA.items()}


def rasa_name(catalogue: str) -> str:
    """ "faq/min_plan" -> "faq_min_plan". Raises KeyError for a name that is not in the catalogue."""
    return _TO_RASA[catalogue]


def catalogue_name(rasa: str) -> str:
    """ "faq_min_plan" -> "faq/min_plan". Raises KeyError for a name that is not in the catalogue."""
    return _FROM_RASA[rasa]
