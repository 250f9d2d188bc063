"""The rows that a seed file's times and meetings become, and what may not overlap among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.backend.contract import Office
from bot.backend.meetings import place_of
from bot.backend.seed_file import SeedMeeting, SeedTime, Source
from bot.backend.seed_times import TimeExpressionError, instant
from bot.clock import COPENHAGEN
from bot.profile import Profile


@dataclass(frozen=True)
class Slot:
    """One free time with its entry's number and line in the file; `row` is what the table gets."""

    number: int
    line: int
    starts: datetime
    ends: datetime
    row: dict[str, Any]
    kinds: Sequence[str]


def slots(source: Source, now: datetime) -> list[Slot]:
    """The free times of the file; one adviser's may not overlap."""
    found: list[Slot] = []
    for number, entry in enumerate(source.file.times):
        try:
            starts = entry.starts(now)
        except TimeExpressionError as error:
            source.fault(str(error), "times", number, "start")
            continue
        line = source.line("times", number)
        found += [_slot(entry, number, line, start) for start in starts]
    last: dict[str, Slot] = {}
    told: set[tuple[int, int]] = set()
    for slot in sorted(found, key=lambda slot: (slot.starts, slot.line)):
        adviser = slot.row["adviser_id"]
        before = last.get(adviser)
        if before is not None and slot.starts < before.ends:
            lines = (min(slot.line, before.line), max(slot.line, before.line))
            if lines not in told:
                told.add(lines)
                _overlap(source, slot, before)
        if before is None or slot.ends > before.ends:
            last[adviser] = slot
    return found


def _overlap(source: Source, slot: Slot, other: Slot) -> None:
    later = max(slot, other, key=lambda each: each.line)
    at = slot.starts.astimezone(COPENHAGEN)
    source.fault(
        f"adviser {slot.row['adviser_id']!r} has two times at {at:%Y-%m-%d %H:%M} (the other one: "
        f"line {min(slot.line, other.line)}); move one of them or give it to another adviser",
        "times", later.number,
    )  # fmt: skip


def _slot(entry: SeedTime, number: int, line: int, start: datetime) -> Slot:
    ends = start + timedelta(minutes=entry.minutes)
    row = {
        "id": uuid4().hex,
        "office_id": entry.office,
        "adviser_id": entry.adviser,
        "starts_at": start,
        "ends_at": ends,
        "in_person": "in_person" in entry.formats,
        "digital": "digital" in entry.formats,
        "offered": True,
    }
    return Slot(number, line, start, ends, row, entry.kinds)


def appointments(source: Source, now: datetime, profile: Profile) -> list[dict[str, Any]]:
    """The rows of the file's meetings; a member's live ones may not overlap."""
    of_member: dict[str, list[dict[str, Any]]] = {}
    rows: list[dict[str, Any]] = []
    for number, entry in enumerate(source.file.meetings):
        try:
            starts = instant(entry.start, now)
        except TimeExpressionError as error:
            source.fault(str(error), "meetings", number, "start")
            continue
        row = _appointment(entry, starts, profile, source.office(entry.member))
        for other in of_member.setdefault(entry.member, []):
            if _clash(row, other):
                source.fault(
                    f"overlaps meeting {other['id']!r} of the same member; move one of them",
                    "meetings", number, "start",
                )  # fmt: skip
        of_member[entry.member].append(row)
        rows.append(row)
    return rows


def _appointment(
    entry: SeedMeeting, starts: datetime, profile: Profile, office: Office
) -> dict[str, Any]:
    kind = profile.kind(entry.kind)
    owner = entry.owner or kind.owner
    ours = place_of(office, entry.format) if owner == "akasse" else None
    return {
        "id": entry.id,
        "member_id": entry.member,
        "kind": entry.kind,
        "owner": owner,
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=entry.minutes or kind.minutes),
        "format": entry.format,
        "place": entry.place or ours,
        "adviser_id": entry.adviser,
        "status": entry.status,
        "time_id": None,
    }


def _clash(row: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        row["status"] == other["status"] == "booked"
        and row["starts_at"] < other["ends_at"]
        and row["ends_at"] > other["starts_at"]
    )
