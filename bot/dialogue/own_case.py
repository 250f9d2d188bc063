"""Questions about the member's own meetings, deadline and course, answered from the records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Mapping

from babel.dates import format_date

from bot.backend.contract import Meeting
from bot.dialogue.asking import staff_choice, start
from bot.dialogue.danish import day, in_copenhagen, show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.moves import Ask
from bot.dialogue.reply import Choice, Part, Reply
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import named, upcoming

SHOWN = 6
"""Most meetings listed in one answer."""


def tell(ask: Ask, turn: Turn, facts: Facts) -> Reply:
    """The answer to a question about the member's own `next` meeting, `deadline` or `course`."""
    if ask.about == "next":
        return next_meeting(ask, turn, facts)
    return (booking_deadline if ask.about == "deadline" else my_course)(turn, facts)


def next_meeting(ask: Ask, turn: Turn, facts: Facts) -> Reply:
    """The next meeting, and the ones after it; with none, what is to be booked by when."""
    coming = upcoming(facts, turn)
    if ask.kinds:
        of_kind = [meeting for meeting in coming if meeting.kind in ask.kinds]
        if not of_kind and coming:
            kind = facts.profile.kind(ask.kinds[0])
            none = Part("own_none_of_kind", {"kind": kind})
            return Reply((none, *_list(coming, turn, facts)), _ways(coming))
        coming = of_kind or coming
    on_day = named(ask.times, coming)
    if any(m.dated and m.grain == "day" for m in ask.times) and coming and not on_day:
        return Reply((Part("own_none_that_day"), *_list(coming, turn, facts)), _ways(coming))
    coming = on_day or coming
    if not coming:
        return _and_due((Part("own_no_meeting"),), turn, facts, _book_or_staff(facts))
    first, *later = _list(coming, turn, facts)
    length = (_length(coming[0]),) if ask.aspect == "length" else ()
    return Reply((first, *length, *later), _ways(coming))


def booking_deadline(turn: Turn, facts: Facts) -> Reply:
    """By when what must be booked."""
    due = _due(turn, facts)
    if due[0].key == "own_due":
        return _and_due((), turn, facts, ())
    coming = [meeting for meeting in upcoming(facts, turn) if meeting.owner == "akasse"]
    if coming:
        words = show_meeting(coming[0], facts.profile, turn.now)
        return Reply((Part("own_nothing_due_but_booked", {"meeting": words}),), _ways(coming))
    return Reply(due + (_to_come(facts) if due[0].key == "own_nothing_due" else ()))


def my_course(turn: Turn, facts: Facts) -> Reply:
    """Where the member is in the contact course, what lies behind, and what comes next."""
    course = facts.course()
    today = in_copenhagen(turn.now).date()
    held = sum(1 for meeting in course.meetings if meeting.status == "held")
    values = {
        "since": day(course.unemployed_since, today),
        "months": _months(course.unemployed_since.toordinal(), today.toordinal()),
        "held": held,
    }
    coming = upcoming(facts, turn)
    parts: tuple[Part, ...] = (Part("own_course", values),)
    if coming:
        parts += _list(coming[:1], turn, facts)
    return _and_due(parts, turn, facts, _ways(coming) if coming else _book_or_staff(facts))


_DUE = frozenset({"faq_booking_deadline", "faq_book_akasse", "faq_no_free_time", "faq_invitation"})
_KIND: Mapping[str, tuple[str, ...]] = {
    "faq_cv_meeting": ("cv",),
    "faq_raadighedssamtale": ("raadighed",),
    "faq_first_six_months": ("cv", "raadighed"),
    "faq_after_six_months": ("raadighed",),
    "faq_jobcenter_meetings": ("jobcenter",),
    "faq_akasse_at_jobcenter": ("jobcenter",),
}
"""After a general answer: the topics that a deadline says more about, and those that a meeting does."""


def beside(topic: str, turn: Turn, facts: Facts) -> tuple[Part, ...]:
    """What the records say about the very thing that a general answer was about; marked as the member's own.

    Empty where there is nothing to add. Raises BackendUnavailable.
    """
    if topic in _DUE or topic == "faq_raadighedssamtale":
        due = _due(turn, facts)
        if due[0].key == "own_due":
            return (Part("beside_due", due[0].values),)
    kinds = _KIND.get(topic, ())
    for meeting in upcoming(facts, turn) if kinds else ():
        if meeting.kind in kinds:
            words = show_meeting(meeting, facts.profile, turn.now)
            return (Part("beside_meeting", {"meeting": words}),)
    return ()


def _length(meeting: Meeting) -> Part:
    return Part("own_length", {"minutes": (meeting.end - meeting.start) // timedelta(minutes=1)})


def _list(meetings: list[Meeting], turn: Turn, facts: Facts) -> tuple[Part, ...]:
    shown = [show_meeting(meeting, facts.profile, turn.now) for meeting in meetings[:SHOWN]]
    keys = ["own_next", *["own_later"] * (len(shown) - 1)]
    return tuple(
        Part(f"{key}_jobcenter" if meeting.owner == "jobcenter" else key, {"meeting": words})
        for key, meeting, words in zip(keys, meetings, shown, strict=False)
    )


def _due(turn: Turn, facts: Facts) -> tuple[Part, ...]:
    course = facts.course()
    if course.next is None:
        return (Part("own_nothing_due", {"systems": facts.profile.systems}),)
    kind = facts.profile.kind(course.next.kind)
    by = day(course.next.book_by, in_copenhagen(turn.now).date())
    key = "own_due" if kind.booked_by == "member" else "own_due_called_in"
    return (Part(key, {"kind": kind, "deadline": by, "systems": facts.profile.systems}),)


def _and_due(
    parts: tuple[Part, ...], turn: Turn, facts: Facts, choices: tuple[Choice, ...]
) -> Reply:
    """The parts, and what is due; `choices` unless that ends with the question whether to book now."""
    due = _due(turn, facts)
    if due[0].key == "own_due":
        ways = _book_or_staff(facts)
        return Reply(parts + due, ways, yes=ways[0].payload)
    if due[0].key == "own_nothing_due" and not upcoming(facts, turn):
        due += _to_come(facts)
    return Reply(parts + due, choices)


def _to_come(facts: Facts) -> tuple[Part, ...]:
    """The next kind of meeting of the course that the member books, and about when in the course it is."""
    course = facts.course()
    away = [m for m in course.meetings if m.status == "missed" and m.owner == "akasse"]
    if away:
        return (Part("own_after_missed", {"kind": facts.profile.kind(away[-1].kind)}),)
    had = {meeting.kind for meeting in course.meetings if meeting.status in ("held", "booked")}
    for name, kind in facts.profile.kinds.items():
        timing = kind.timing
        if kind.owner != "akasse" or kind.booked_by != "member" or name in had or timing is None:
            continue
        if timing.around_months is not None:
            about = _month_after(course.unemployed_since, timing.around_months)
            values = {"kind": kind, "months": timing.around_months, "about": about}
            return (Part("own_to_come", values),)
    return ()


def _month_after(since: date, months: int) -> Part:
    """About when so many months have passed: the beginning, the middle or the end of a month."""
    month = since.month - 1 + months
    part = "begin" if since.day <= 10 else "middle" if since.day <= 20 else "end"
    name = format_date(date(since.year + month // 12, month % 12 + 1, 1), "MMMM", locale="da")
    return Part(f"month_{part}", {"month": name})


def _months(since: int, today: int) -> str:
    """Whole months (of 30.44 days, the mean) as 'knap 5', 'godt 5' would be guesswork: just the number."""
    return str(int((today - since) / 30.44))


def _ways(coming: list[Meeting]) -> tuple[Choice, ...]:
    """What can be done about the meetings shown: the Jobcenter's own are changed elsewhere."""
    if all(meeting.owner == "jobcenter" for meeting in coming):
        return (start("choice_participation", "request_participation"), staff_choice())
    return (
        start("choice_give_afbud", "afbud"),
        start("choice_move", "reschedule_meeting"),
    )


def _book_or_staff(facts: Facts) -> tuple[Choice, ...]:
    book = (start("choice_book", "book_meeting"),) if facts.course().next else ()
    return (*book, start("choice_staff", "handoff"))
