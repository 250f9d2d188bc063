"""The dialogues of `tests/dialogues` over the four processes; the back end has the last word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.backend.contract import Meeting
from bot.clock import COPENHAGEN
from tests.processes.dialogues import Kept, Said, Told, meeting_id, member_of, told, write_seed
from tests.processes.house import House, Person

pytestmark = pytest.mark.processes

DIALOGUES = told()
RECEIPT = re.compile(r"MK-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("dialogues")
    seed: Path = home / "seed.yml"
    write_seed(DIALOGUES, seed)
    running = House(home / "home", seed)
    running.start()
    yield running
    running.stop()


def test_there_are_enough_of_them_in_every_style() -> None:
    assert len(DIALOGUES) >= 60
    assert len({one.name for one in DIALOGUES}) == len(DIALOGUES)
    assert {one.style for one in DIALOGUES} == {
        "formal", "casual", "sms", "typo", "second-language", "long", "indirect",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("index", "dialogue"), list(enumerate(DIALOGUES)), ids=[one.name for one in DIALOGUES]
)
def test_dialogue(house: House, index: int, dialogue: Told) -> None:
    member = member_of(index)
    person = house.member(member)
    receipt_at = None
    for number, turn in enumerate(dialogue.turns, start=1):
        heard = _play(person, turn)
        if receipt_at is None and RECEIPT.search(heard):
            receipt_at = number
    meetings = house.backend.meetings(member)
    assert len(meetings) == len(dialogue.after), [(m.id, m.status, m.start) for m in meetings]
    for kept in dialogue.after:
        assert any(_is(meeting, kept, member) for meeting in meetings), (kept, meetings)
    made = [row for row in reversed(house.backend.log(member)) if row.actor == f"member:{member}"]
    assert list(dict.fromkeys(row.action for row in made)) == dialogue.changes
    if dialogue.turns_to_receipt is not None:
        assert receipt_at is not None
        assert receipt_at <= dialogue.turns_to_receipt


def _play(person: Person, turn: Said) -> str:
    heard = person.choose(turn.press) if turn.press else person.say(turn.say or "")
    shown = f"{turn.say or turn.press!r} -> {heard!r}"
    for words in turn.hears:
        assert words in heard, shown
    for words in turn.never:
        assert words not in heard, shown
    titles = " | ".join(choice["title"] for choice in person.choices)
    for words in turn.offered:
        assert words in titles, f"{shown} {titles}"
    if turn.state:
        assert person.last["state"] == turn.state, shown
    return heard


def _is(meeting: Meeting, kept: Kept, member: str) -> bool:
    local = meeting.start.astimezone(COPENHAGEN).strftime("%Y-%m-%dT%H:%M")
    afbud = meeting.afbud
    return all(
        wanted is None or wanted == actual
        for wanted, actual in (
            (kept.id and meeting_id(member, kept.id), meeting.id),
            (kept.status, meeting.status),
            (kept.start, local),
            (kept.format, meeting.format),
            (kept.reason, afbud.reason if afbud else ""),
            (kept.assessment, afbud.assessment if afbud else ""),
            (kept.contact, meeting.contact is not None),
            (kept.participation, meeting.participation or ""),
        )
    )
