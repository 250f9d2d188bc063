"""An afbud's note is forgotten after the profile's days; the rest of the afbud stays."""

from __future__ import annotations

from datetime import timedelta

from bot.backend.old_notes import forget_old_notes
from bot.backend.work import House
from tests.backend.conftest import NOW, Backend


def test_old_notes_go_and_young_ones_stay(backend: Backend) -> None:
    client = backend.client()
    client.afbud("m1", "x1", "work", key="a-first-key", note="Min mor er syg")
    house = House(backend.engine, backend.clock, backend.profile, None)
    days = backend.profile.desk.keep.absence_notes

    def note() -> str | None:
        (one,) = [meeting for meeting in client.meetings("m1") if meeting.id == "x1"]
        assert one.afbud is not None
        assert (one.afbud.reason, one.afbud.assessment) == ("work", "to_assess")
        return one.afbud.note

    backend.clock.instant = NOW + timedelta(days=days - 1)
    assert forget_old_notes(house) == 0
    assert note() == "Min mor er syg"
    backend.clock.instant = NOW + timedelta(days=days + 1)
    assert forget_old_notes(house) == 1
    assert note() is None
    assert forget_old_notes(house) == 0
