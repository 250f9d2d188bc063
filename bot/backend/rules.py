"""The rules of a change, pure: what may happen to a meeting, a time and an invitation, and what may not.

Every function takes the records as they are shown, the profile and the clock's instant or local day,
and raises `Refusal` with a code of the contract. Local days are Europe/Copenhagen's.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Optional

from bot.backend.contract import Assessment, Format, InvitationStatus, Meeting
from bot.backend.refusals import Refusal
from bot.clock import COPENHAGEN
from bot.profile import Profile

CLOCK_SKEW = timedelta(minutes=1)
"""How far a caller's clock may run ahead of ours before its `at` counts as the future."""


@dataclass(frozen=True)
class Call:
    """An invitation as the rules see it; `covered` once a meeting was booked for it: `meeting`.

    `source`: given (with the records), staff, course or afbud; `step` is the course's, such as `cv:1`.
    """

    id: str
    kind: str
    book_by: date
    covered: bool
    meeting: Optional[str] = None
    source: str = "given"
    step: Optional[str] = None


@dataclass(frozen=True)
class Offer:
    """What a free time allows."""

    start: datetime
    kinds: Sequence[str]
    formats: Sequence[Format]


def local_day(instant: datetime) -> date:
    """The day in Copenhagen on which an instant falls."""
    return instant.astimezone(COPENHAGEN).date()


def may_change(meeting: Meeting, now: datetime) -> None:
    """Afbud, move and format: the a-kasse's own, live, not begun (F17, F21)."""
    if meeting.owner == "jobcenter":
        raise Refusal("jobcenter_owned")
    if meeting.status != "booked":
        raise Refusal("not_live")
    if now >= meeting.start:
        raise Refusal("begun")


def known_reason(reason: str, profile: Profile) -> None:
    """An afbud's reason is one of the profile's categories."""
    if reason not in profile.reasons:
        raise Refusal("invalid", "reason")


def first_assessment(reason: str, profile: Profile) -> Assessment:
    """Never a ruling: whether the page names the reason, or staff have to assess it."""
    return "named" if profile.reason(reason).named else "to_assess"


def not_begun(start: datetime, now: datetime) -> None:
    """What has begun can't be taken."""
    if now >= start:
        raise Refusal("begun")


def format_fits(kind: str, format: Format, offered: Sequence[Format], profile: Profile) -> None:
    """The profile's kind and the time itself both allow the format (F9, F15)."""
    if format not in profile.kind(kind).formats or format not in offered:
        raise Refusal("format_not_allowed")


def kind_fits(kind: str, offered: Sequence[str]) -> None:
    """The time is meant for this kind of meeting."""
    if kind not in offered:
        raise Refusal("kind_mismatch")


def call_status(call: Call, today: date) -> InvitationStatus:
    """Open through the whole of `book_by`, expired after it."""
    if call.covered:
        return "booked"
    return "open" if today <= call.book_by else "expired"


def open_calls(calls: Iterable[Call], today: date) -> list[Call]:
    """The invitations that still wait for a booking, the most urgent first."""
    waiting = [call for call in calls if call_status(call, today) == "open"]
    return sorted(waiting, key=lambda call: (call.book_by, call.id))


def choose_kind(
    offer: Offer, wanted: Optional[str], calls: Sequence[Call], profile: Profile, today: date
) -> tuple[str, Optional[Call]]:
    """Which kind a booking is, and the invitation that it answers.

    The open invitation that fits and is most urgent; without one, the first kind that members may
    book themselves (F22). A deadline binds (F23): `after_deadline` when the meeting lies after it, or
    when the newest invitation of that kind ran out unanswered; then the a-kasse has to help (F24).
    """
    if wanted is not None:
        kind_fits(wanted, offer.kinds)
    kinds = [kind for kind in offer.kinds if wanted in (None, kind)]
    for call in open_calls(calls, today):
        if call.kind in kinds:
            if local_day(offer.start) > call.book_by:
                raise Refusal("after_deadline")
            return call.kind, call
    lapsed = [kind for kind in kinds if _lapsed(kind, calls, today)]
    for kind in kinds:
        if kind not in lapsed and profile.kind(kind).booked_by == "member":
            return kind, None
    raise Refusal("after_deadline" if lapsed else "kind_mismatch")


def _lapsed(kind: str, calls: Sequence[Call], today: date) -> bool:
    of_kind = [call for call in calls if call.kind == kind]
    if not of_kind:
        return False
    return call_status(max(of_kind, key=lambda call: call.book_by), today) == "expired"


def rebook_by(old: Optional[date], today: date, profile: Profile) -> date:
    """The deadline after an afbud without a new time: never earlier than it was."""
    fresh = today + timedelta(days=profile.rebook_days)
    return fresh if old is None else max(old, fresh)


def may_register_contact(meeting: Meeting, at: datetime, now: datetime) -> None:
    """Contact belongs to a meeting that has begun and was not held, whoever owns it (F19)."""
    if meeting.status in ("cancelled", "held"):
        raise Refusal("not_live")
    if now < meeting.start:
        raise Refusal("invalid", "meeting")
    if at > now + CLOCK_SKEW or local_day(at) < local_day(meeting.start):
        raise Refusal("invalid", "at")


def may_note_attendance(meeting: Meeting, now: datetime) -> None:
    """Staff note attendance of the a-kasse's own meetings once they have begun; they may correct it."""
    if meeting.owner == "jobcenter":
        raise Refusal("jobcenter_owned")
    if meeting.status == "cancelled":
        raise Refusal("not_live")
    if now < meeting.start:
        raise Refusal("invalid", "meeting")


def may_ask_participation(meeting: Meeting, profile: Profile, now: datetime) -> None:
    """The a-kasse can join a Jobcenter meeting that is still to come (F11)."""
    if meeting.owner != "jobcenter" or not profile.akasse_joins_jobcenter:
        raise Refusal("kind_mismatch")
    if meeting.status != "booked":
        raise Refusal("not_live")
    not_begun(meeting.start, now)


def may_call_in(kind: str, book_by: Optional[date], profile: Profile, today: date) -> None:
    """Staff call in to the a-kasse's own kinds of meeting, not to a day that has passed (F13)."""
    if kind not in profile.kinds:
        raise Refusal("invalid", "kind")
    if profile.kind(kind).owner == "jobcenter":
        raise Refusal("jobcenter_owned")
    if book_by is not None and book_by < today:
        raise Refusal("invalid", "book_by")


def phase(unemployed_since: date, profile: Profile, today: date) -> str:
    """Before or after the mark at which the first pair of talks falls due (F8, F12).

    The ids are names, not lengths: where the mark lies is the profile's `around_months`.
    """
    marks = [
        kind.timing.around_months
        for kind in profile.kinds.values()
        if kind.timing is not None and kind.timing.around_months is not None
    ]
    if marks and today >= months_later(unemployed_since, min(marks)):
        return "after_six_months"
    return "first_six_months"


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
