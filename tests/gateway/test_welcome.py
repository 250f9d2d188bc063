"""What is suggested to whom, and the picture of the way: as tables over a member's records."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Optional

import pytest

from bot.backend.contract import (
    Contact,
    Course,
    CourseStep,
    Invitation,
    InvitationStatus,
    Meeting,
    NextStep,
    StepStatus,
)
from bot.gateway.side_texts import FILE, load_side_texts
from bot.gateway.way import way
from bot.gateway.welcome import MOST, fitting, general
from bot.profile import load_profile
from bot.yaml_source import SourceError
from tests.dialogue.records import NOW, STANDARD, at, meeting

TEXTS = load_side_texts()
HEARD = Contact(at=NOW, channel="min_side")


def course(meetings: list[Meeting], step: Optional[NextStep] = None, *calls: Invitation) -> Course:
    return Course(
        unemployed_since=date(2026, 6, 10),
        phase="first_six_months",
        next=step,
        invitations=list(calls),
        meetings=meetings,
    )


def keys(
    meetings: list[Meeting], step: Optional[NextStep] = None, now: datetime = NOW
) -> list[str]:
    """The names of the suggestions, by their own texts."""
    found = fitting(TEXTS.suggestions, STANDARD, meetings, course(meetings, step), now)
    assert found[-1] == TEXTS.suggestions.staff
    assert len(found) <= MOST
    by_start = {each.text.split("{")[0]: key for key, each in TEXTS.suggestions}
    return [
        next((key for start, key in by_start.items() if each.text.startswith(start)), "?")
        for each in found[:-1]
    ]


@pytest.mark.parametrize(
    ("meetings", "deadline", "expected"),
    [
        ([], None, ["course"]),
        ([], date(2026, 12, 3), ["book", "course"]),
        ([meeting("x", at(24))], None, ["meeting_tomorrow", "cannot_tomorrow", "meetings", "afbud"]),
        ([meeting("x", at(23, "15:00"))], None, ["meeting_today", "cannot_today", "meetings", "afbud"]),
        ([meeting("x", at(24), "jobcenter")], None,
         ["meeting_tomorrow", "meetings", "participation", "course"]),
        ([meeting("x", at(24), "jobcenter", participation="requested")], None,
         ["meeting_tomorrow", "meetings", "course"]),
        ([meeting("x", at(30))], None, ["meetings", "afbud", "course"]),
        ([meeting("x", at(23, "08:00"))], None, ["missed", "course"]),
        ([meeting("x", at(23, "08:00"), status="missed")], None, ["missed", "course"]),
        ([meeting("x", at(23, "08:00"), contact=HEARD)], None, ["course"]),
        ([meeting("x", at(23, "08:00"), status="held")], None, ["course"]),
        ([meeting("x", at(10))], None, ["course"]),
        ([meeting("x", at(24), status="cancelled")], None, ["course"]),
        ([meeting("x", at(23, "08:00")), meeting("y", at(24))], date(2026, 11, 25),
         ["missed", "meeting_tomorrow", "cannot_tomorrow", "book"]),
    ],
)  # fmt: skip
def test_suggestions_fit_the_member(
    meetings: list[Meeting], deadline: Optional[date], expected: list[str]
) -> None:
    step = None if deadline is None else NextStep(kind="raadighed", book_by=deadline)
    assert keys(meetings, step) == expected


def test_suggestions_are_filled_in() -> None:
    meetings = [meeting("x", at(24, "09:30"))]
    step = NextStep(kind="raadighed", book_by=date(2026, 12, 3))
    found = fitting(TEXTS.suggestions, STANDARD, meetings, course(meetings, step), NOW)
    assert [each.title for each in found] == [
        "Dit møde i morgen kl. 09.30",
        "Jeg kan ikke komme i morgen",
        "Book rådighedssamtale senest 3. december",
        "Se mine møder",
        "Tal med en medarbejder",
    ]


def test_what_members_are_called_in_to_is_not_suggested_for_booking() -> None:
    step = NextStep(kind="cv", book_by=date(2026, 12, 3))
    assert "book" not in keys([], step)


def test_general_suggestions_need_no_records() -> None:
    for each in general(TEXTS.suggestions):
        assert "{" not in each.title + each.text


def step(kind: str, status: StepStatus, due: date, number: int = 1) -> CourseStep:
    return CourseStep(
        kind=kind, number=number, status=status, opens=due, due=due, meeting=None, invitation=None
    )


def call(status: InvitationStatus, book_by: date, kind: str = "raadighed") -> Invitation:
    return Invitation(id="i", kind=kind, reason="", book_by=book_by, status=status)


def drawn(of: Course, steps: list[CourseStep], profile: str = "standard") -> list[tuple[Any, ...]]:
    stops = way(of, steps, load_profile(profile), TEXTS.way, NOW)
    return [(s["place"], s["tone"], s["title"], s["note"]) for s in stops]


def test_the_way_from_the_first_day_to_what_is_expected() -> None:
    meetings = [
        meeting("a", at(20, month=6), "cv", status="held"),
        meeting("b", at(3), status="cancelled"),
        meeting("c", at(30), format="digital", place=None),
        meeting("d", at(2, month=12), "jobcenter", place="Jobcenter Odense, Grønnegade 3"),
    ]
    steps = [
        step("cv", "held", date(2026, 6, 24)),
        step("raadighed", "booked", date(2026, 12, 10)),
        step("raadighed", "later", date(2027, 1, 9), 2),
    ]
    assert drawn(course(meetings), steps) == [
        ("behind", "plain", "Du blev ledig", "Kontaktforløbet begynder"),
        ("behind", "done", "CV- og vejledningssamtale", "Afholdt"),
        ("next", "booked", "Rådighedssamtale", "Booket digitalt"),
        ("ahead", "booked", "Møde i Jobcenteret", "Jobcenterets møde i Jobcenter Odense"),
        ("ahead", "expected", "Rådighedssamtale",
         "Omkring 6 måneder. Du får besked i indbakken på Min side hos os"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (course([], None, call("open", date(2026, 12, 3))),
         ("next", "deadline", "Book rådighedssamtale",
          "Bookingen og mødet skal ligge senest 3. december")),
        (course([], None, call("open", date(2026, 12, 3), "cv")),
         ("next", "deadline", "CV- og vejledningssamtale",
          "Senest 3. december. Indkaldelsen kommer i indbakken på Min side hos os")),
        (course([], None, call("expired", date(2026, 11, 20))),
         ("behind", "warning", "Fristen for rådighedssamtalen er gået", "Kontakt os på 70 00 00 00")),
        (course([meeting("x", at(20), status="missed")]),
         ("behind", "warning", "Rådighedssamtale", "Du kom ikke, og vi har ikke hørt fra dig")),
        (course([meeting("x", at(20), status="missed", contact=HEARD)]),
         ("behind", "warning", "Rådighedssamtale", "Du kom ikke, men har kontaktet os bagefter")),
        (course([meeting("x", at(23, "08:30"))]),
         ("behind", "plain", "Rådighedssamtale", "Er begyndt eller lige overstået")),
    ],
)  # fmt: skip
def test_a_stop_of_the_way(of: Course, expected: tuple[str, ...]) -> None:
    assert drawn(of, [])[1] == expected


def test_what_is_late_is_not_drawn_before_today_and_other_profiles_work() -> None:
    late = step("karriere", "due", date(2026, 11, 1))
    every = step("raadighed", "later", date(2027, 2, 1))
    stops = way(course([]), [late, every], load_profile("fjord"), TEXTS.way, NOW)
    assert [stop["day"] for stop in stops] == ["2026-06-10", "2026-11-23", "2027-02-01"]
    assert stops[-1]["note"] == "Du får besked i postkassen på Mit Fjord, når det er tid"


def test_a_wrong_placeholder_of_the_file_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "min_side.yml"
    wrong.write_text(FILE.read_text("utf-8").replace("{akasse}", "{akassen}"), "utf-8")
    with pytest.raises(SourceError, match="unknown placeholder akassen"):
        load_side_texts(wrong)
