"""The rules of a change, as tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backend import rules
from bot.backend.contract import Meeting
from bot.backend.refusals import Refusal
from bot.backend.rules import Call, Offer
from bot.clock import read_instant
from bot.profile import Profile, load_profile

from .conftest import NOW, local

TODAY = date(2026, 11, 25)
ANY_PROFILE = load_profile("standard")


def meeting(**values: Any) -> Meeting:
    start = values.pop("start", NOW + timedelta(days=1))
    whole = {
        "id": "x", "kind": "raadighed", "owner": "akasse", "start": start,
        "end": start + timedelta(minutes=45), "format": "in_person", "place": None,
        "adviser": None, "status": "booked",
    }  # fmt: skip
    return Meeting(**{**whole, **values})


def code(rule: Any, *arguments: Any) -> Optional[str]:
    try:
        rule(*arguments)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("owner", ["akasse", "jobcenter"])
@pytest.mark.parametrize("status", ["booked", "cancelled", "held", "missed"])
@pytest.mark.parametrize("minutes", [-1, 0, 1])
def test_may_change(owner: str, status: str, minutes: int) -> None:
    start = NOW + timedelta(minutes=minutes)
    wanted = (
        "jobcenter_owned" if owner == "jobcenter"
        else "not_live" if status != "booked"
        else "begun" if minutes <= 0
        else None
    )  # fmt: skip
    found = code(rules.may_change, meeting(owner=owner, status=status, start=start), NOW)
    assert found == wanted


@pytest.mark.parametrize("owner", ["akasse", "jobcenter"])
@pytest.mark.parametrize(
    ("status", "began", "at", "wanted"),
    [
        ("booked", -60, 0, None),
        ("missed", -60, 0, None),
        ("booked", 0, 0, None),
        ("booked", 1, 0, "invalid"),
        ("held", -60, 0, "not_live"),
        ("cancelled", -60, 0, "not_live"),
        ("booked", -60, 5, "invalid"),
        ("booked", -60, -24 * 60, "invalid"),
        ("booked", -60, -70, None),
    ],
)
def test_may_register_contact(
    owner: str, status: str, began: int, at: int, wanted: Optional[str]
) -> None:
    about = meeting(owner=owner, status=status, start=NOW + timedelta(minutes=began))
    assert code(rules.may_register_contact, about, NOW + timedelta(minutes=at), NOW) == wanted


@pytest.mark.parametrize(
    ("kind", "format", "offered", "wanted"),
    [
        ("raadighed", "digital", ["in_person", "digital"], None),
        ("raadighed", "digital", ["in_person"], "format_not_allowed"),
        ("raadighed", "in_person", ["digital"], "format_not_allowed"),
        ("cv", "in_person", ["in_person", "digital"], None),
        ("cv", "digital", ["in_person", "digital"], "format_not_allowed"),
    ],
)
def test_format_fits(
    kind: str, format: str, offered: list[str], wanted: Optional[str], profile: Profile
) -> None:
    assert code(rules.format_fits, kind, format, offered, profile) == wanted


def called(kind: str, days: int, covered: bool = False, id: str = "i") -> Call:
    return Call(id, kind, TODAY + timedelta(days=days), covered)


@pytest.mark.parametrize(
    ("kinds", "wanted_kind", "on", "calls", "wanted"),
    [
        # no invitation: what members book themselves
        (["raadighed"], None, 5, [], ("raadighed", None)),
        (["cv"], None, 5, [], "kind_mismatch"),
        (["cv", "raadighed"], None, 5, [], ("raadighed", None)),
        (["cv", "raadighed"], "cv", 5, [], "kind_mismatch"),
        (["raadighed"], "cv", 5, [], "kind_mismatch"),
        # an open one decides the kind and binds
        (["cv", "raadighed"], None, 5, [called("cv", 5)], ("cv", "i")),
        (["cv", "raadighed"], "raadighed", 5, [called("cv", 5)], ("raadighed", None)),
        (["raadighed"], None, 5, [called("raadighed", 5)], ("raadighed", "i")),
        (["raadighed"], None, 6, [called("raadighed", 5)], "after_deadline"),
        (["raadighed"], None, 0, [called("raadighed", 0)], ("raadighed", "i")),
        (
            ["raadighed"], None, 3,
            [called("raadighed", 9, id="late"), called("raadighed", 4, id="soon")],
            ("raadighed", "soon"),
        ),
        # one that ran out unanswered binds too, until a newer one comes
        (["raadighed"], None, 5, [called("raadighed", -1)], "after_deadline"),
        (["cv"], None, 5, [called("cv", -1)], "after_deadline"),
        (
            ["raadighed"], None, 5,
            [called("raadighed", -9), called("raadighed", 6, id="new")], ("raadighed", "new"),
        ),
        (
            ["raadighed"], None, 5,
            [called("raadighed", -9), called("raadighed", -2, covered=True, id="new")],
            ("raadighed", None),
        ),
        # one that is answered does not bind any more
        (["raadighed"], None, 50, [called("raadighed", 5, covered=True)], ("raadighed", None)),
        (["raadighed"], None, 50, [called("cv", 5)], ("raadighed", None)),
    ],
)  # fmt: skip
def test_choose_kind(
    kinds: list[str], wanted_kind: Optional[str], on: int, calls: list[Call], wanted: Any,
    profile: Profile,
) -> None:  # fmt: skip
    offer = Offer(local("2026-11-25T23:30") + timedelta(days=on), kinds, ["in_person"])
    try:
        kind, call = rules.choose_kind(offer, wanted_kind, calls, profile, TODAY)
        found: Any = (kind, call.id if call else None)
    except Refusal as refusal:
        found = refusal.code
    assert found == wanted


@given(
    kinds=st.lists(st.sampled_from(["cv", "raadighed"]), min_size=1, unique=True),
    on=st.integers(0, 30),
    calls=st.lists(
        st.builds(
            called, st.sampled_from(["cv", "raadighed"]), st.integers(-10, 30), st.booleans()
        ),
        max_size=5,
    ),
)
def test_a_booking_is_never_after_the_deadline_that_it_answers(
    kinds: list[str], on: int, calls: list[Call]
) -> None:
    offer = Offer(local("2026-11-25T23:30") + timedelta(days=on), kinds, ["in_person"])
    refusal = code(rules.choose_kind, offer, None, calls, ANY_PROFILE, TODAY)
    if refusal is not None:
        assert refusal in ("after_deadline", "kind_mismatch")
        return
    kind, call = rules.choose_kind(offer, None, calls, ANY_PROFILE, TODAY)
    assert kind in kinds
    if call is not None:
        assert rules.local_day(offer.start) <= call.book_by
        assert call.book_by >= TODAY
        assert not call.covered
    else:
        assert ANY_PROFILE.kind(kind).booked_by == "member"


@pytest.mark.parametrize(
    ("book_by", "covered", "wanted"),
    [(0, False, "open"), (1, False, "open"), (-1, False, "expired"), (-1, True, "booked")],
)
def test_call_status(book_by: int, covered: bool, wanted: str) -> None:
    assert rules.call_status(called("cv", book_by, covered), TODAY) == wanted


@pytest.mark.parametrize(("old", "wanted"), [(None, 14), (3, 14), (14, 14), (20, 20), (-5, 14)])
def test_rebook_by(old: Optional[int], wanted: int, profile: Profile) -> None:
    before = None if old is None else TODAY + timedelta(days=old)
    assert rules.rebook_by(before, TODAY, profile) == TODAY + timedelta(days=wanted)


@pytest.mark.parametrize(
    ("since", "months", "wanted"),
    [
        (date(2026, 5, 25), 6, "after_six_months"),
        (date(2026, 5, 26), 6, "first_six_months"),
        (date(2026, 8, 25), 3, "after_six_months"),
        (date(2026, 8, 26), 3, "first_six_months"),
        (date(2010, 1, 1), None, "first_six_months"),
    ],
)
def test_phase_follows_the_profile(
    since: date, months: Optional[int], wanted: str, profile: Profile
) -> None:
    timing = {"around_months": months} if months else None
    kinds = {
        "samtale": {
            "name": "s", "definite": "s", "plural": "s", "owner": "akasse",
            "booked_by": "member", "timing": timing, "formats": ["digital"],
        }
    }  # fmt: skip
    other = Profile(**{**profile.dict(), "kinds": kinds})
    assert rules.phase(since, other, TODAY) == wanted


@pytest.mark.parametrize(
    ("since", "before", "after"),
    [
        (date(2026, 8, 31), date(2027, 2, 27), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 29), date(2027, 6, 30)),
        (date(2026, 6, 15), date(2026, 12, 14), date(2026, 12, 15)),
    ],
)
def test_phase_counts_calendar_months(
    since: date, before: date, after: date, profile: Profile
) -> None:
    assert rules.phase(since, profile, before) == "first_six_months"
    assert rules.phase(since, profile, after) == "after_six_months"


@pytest.mark.parametrize(("instant", "day"), [
    ("2026-06-09T22:30:00+00:00", date(2026, 6, 10)),
    ("2026-11-24T22:59:00+00:00", date(2026, 11, 24)),
    ("2026-11-24T23:00:00+00:00", date(2026, 11, 25)),
])  # fmt: skip
def test_local_day_is_copenhagens(instant: str, day: date) -> None:
    assert rules.local_day(read_instant(instant)) == day


def test_reasons_are_the_profiles_and_never_ruled_on(profile: Profile) -> None:
    assert {rules.first_assessment(reason, profile) for reason in profile.reasons} == {
        "named", "to_assess",
    }  # fmt: skip
    assert code(rules.known_reason, "no_such", profile) == "invalid"
    assert code(rules.known_reason, "illness", profile) is None
