"""The matters that a member can begin and the questions that are their own, by the catalogue's intents."""

from __future__ import annotations

from typing import Mapping

from bot.dialogue.state import FlowName

STARTS: Mapping[str, FlowName] = {
    "afbud": "afbud",
    "reschedule_meeting": "move",
    "book_meeting": "book",
    "change_format": "format",
    "request_participation": "participation",
    "missed_meeting": "missed",
}
"""The intents that begin a matter."""

OWN: Mapping[str, str] = {
    "ask_next_meeting": "next",
    "ask_booking_deadline": "deadline",
    "ask_my_course": "course",
}
"""Questions that are answered from the member's own records, and what they are about."""

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
