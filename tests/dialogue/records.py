"""A member's records held in memory, speaking the dialogue's Facts, and turns to play against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Optional

from bot.backend.contract import (
    Afbud,
    Change,
    Course,
    Format,
    FreeTime,
    Invitation,
    Meeting,
    NextStep,
    Office,
)
from bot.clock import COPENHAGEN
from bot.dialogue import conversation
from bot.dialogue.moves import TimeMention
from bot.dialogue.reading import Evidence, read
from bot.dialogue.reply import Outcome
from bot.dialogue.spoken import Spoken
from bot.dialogue.state import Command, Dialogue
from bot.dialogue.turn import Turn
from bot.dialogue.wording import wording
from bot.profile import Profile, load_profile

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=COPENHAGEN)
"""A Monday."""

ODENSE = Office(id="odense", name="Lokalafdeling Odense", address="Havnegade 1")
STANDARD = load_profile("standard")


def at(day: int, clock: str = "10:00", month: int = 11) -> datetime:
    """A local time in the weeks of NOW (2026)."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=COPENHAGEN)


def meeting(id: str, start: datetime, kind: str = "raadighed", **other: Any) -> Meeting:
    """A booked a-kasse meeting of 45 minutes; kind jobcenter makes it the Jobcenter's."""
    values: dict[str, Any] = {
        "id": id, "kind": kind, "owner": "jobcenter" if kind == "jobcenter" else "akasse",
        "start": start, "end": start + timedelta(minutes=45), "format": "in_person",
        "place": "Lokalafdeling Odense", "adviser": "Hanne Holm", "status": "booked",
    }  # fmt: skip
    return Meeting(**{**values, **other})


def free(
    id: str, start: datetime, formats: Sequence[Format] = ("in_person", "digital")
) -> FreeTime:
    """A free time for a rådighedssamtale."""
    return FreeTime(
        id=id, start=start, end=start + timedelta(minutes=45), kinds=["raadighed"],
        formats=list(formats), office=ODENSE, adviser="Jens Juul",
    )  # fmt: skip


@dataclass
class InMemory:
    """The Facts of one member; `silent` plays a back end that is down."""

    coming: list[Meeting] = field(default_factory=list)
    free: list[FreeTime] = field(default_factory=list)
    book_by: Optional[date] = None
    profile: Profile = STANDARD

    def meetings(self) -> list[Meeting]:
        return sorted(self.coming, key=lambda one: one.start)

    def course(self) -> Course:
        due = self.book_by
        return Course(
            unemployed_since=date(2026, 6, 20),
            phase="first_six_months",
            next=NextStep(kind="raadighed", book_by=due) if due else None,
            invitations=[
                Invitation(id="i1", kind="raadighed", reason="", book_by=due, status="open")
            ] if due else [],
            meetings=self.meetings(),
        )  # fmt: skip

    def times(
        self,
        kind: str,
        format: Optional[Format] = None,
        start: Optional[datetime] = None,
        end: Optional[datetime] = None,
        limit: int = 50,
    ) -> list[FreeTime]:
        fitting = [
            one for one in self.free
            if kind in one.kinds
            and (format is None or format in one.formats)
            and (start is None or one.start >= start)
            and (end is None or one.start < end)
        ]  # fmt: skip
        return sorted(fitting, key=lambda one: one.start)[:limit]


WEEK = [
    free("t1", at(25, "09:00")), free("t2", at(25, "10:00")), free("t3", at(25, "13:30")),
    free("t4", at(26, "14:00")), free("t5", at(27, "09:30")), free("t6", at(27, "13:00"), ["digital"]),
    free("t7", at(30, "10:00")),
]  # fmt: skip

_ids = count(1)


_DOES = {
    "affirm": ("accept",), "deny": ("refuse",), "stop": ("leave",), "repeat": ("repeat",),
    "afbud": ("begin afbud",), "reschedule_meeting": ("begin move",), "book_meeting": ("begin book",),
    "change_format": ("begin format",), "request_participation": ("begin participation",),
    "missed_meeting": ("begin missed",), "handoff": ("person",), "greet": ("greet",),
    "thanks": ("thanks",), "goodbye": ("bye",), "negative_feedback": ("complain",),
    "nlu_fallback": ("unclear",), "out_of_scope": ("ask beyond",), "ask_capabilities": ("ask can",),
    "bot_challenge": ("ask human",), "ask_next_meeting": ("ask own",),
    "ask_booking_deadline": ("ask own",), "ask_my_course": ("ask own",),
}  # fmt: skip
"""What a message does, by the intent that it is given in a test: as sure as the model can be."""


def turn(intent: str, text: str = "", does: Sequence[str] = (), **other: Any) -> Evidence:
    """A message of member m1 at NOW, as the pipeline hands it to the reading.

    `does`: the moves that the model is sure of; else those that the intent and the entities stand for.
    """
    sure = tuple(does) or _DOES.get(intent, ("ask faq",) if intent.startswith("faq") else ())
    if not does and other.get("reasons"):
        sure = (*sure, "reason")
    if not does and intent == "inform":
        timed = ("wish",) if other.get("times") or other.get("formats") else ()
        named = ("this",) if other.get("kinds") else ()
        sure = (*sure, *timed, *named) or ("pick",)
    if (
        not does
        and other.get("times")
        and intent in ("afbud", "reschedule_meeting", "book_meeting")
    ):
        says_when = intent == "afbud" and len(other["times"]) == 1  # when they can't come
        sure = (*sure, "this") if says_when else (*sure, "wish", "this")
    if not does and other.get("kinds") and intent != "inform":
        sure = (*sure, "this")
    times = other.get("times", ())
    return Evidence(
        message_id=f"msg-{next(_ids)}", intent=intent, text=text, now=other.pop("now", NOW),
        member="m1", verified=True, ranking=other.pop("ranking", ((intent, 1.0),)),
        scores=dict.fromkeys(sure, 1.0),
        time_places=tuple((len(text), len(text)) for _ in times),
        **other,
    )  # fmt: skip


def on(day: int, month: int = 11, other: Optional[datetime] = None) -> TimeMention:
    """A whole day that was named."""
    start = at(day, "00:00", month)
    return TimeMention(start=start, end=start + timedelta(days=1), grain="day", other=other)


def exactly(start: datetime, dated: bool = True) -> TimeMention:
    """A clock time, with its day or without."""
    return TimeMention(
        start=start, end=start + timedelta(minutes=1), grain="minute", dated=dated, clock=True
    )


@dataclass
class Talk:
    """A dialogue under way: what was said last, what is kept, and what was carried out."""

    facts: InMemory
    dialogue: Dialogue = field(default_factory=Dialogue)
    outcome: Optional[Outcome] = None
    commands: list[Command] = field(default_factory=list)
    spoken: Optional[Spoken] = None

    def say(self, message: Evidence) -> list[str]:
        """Read a message where the talk stands and play it; the keys of the reply."""
        answers = wording("standard").answers
        turn = read(message, self.dialogue, answers)
        self.outcome = conversation.play(self.dialogue, turn, self.facts)
        if self.outcome.command is not None:
            self.commands.append(self.outcome.command)
            self.outcome = self._carried_out(self.outcome.command, turn)
        self.spoken = wording("standard").spoken(self.outcome.reply)  # every reply has its words
        kept = conversation.as_shown(self.outcome.dialogue, self.spoken)
        # What is kept goes through JSON, as it does in Rasa's slot.
        self.dialogue = Dialogue.parse_raw(kept.json())
        return [part.key for part in self.outcome.reply.parts]

    def _carried_out(self, command: Command, turn: Turn) -> Outcome:
        assert self.outcome is not None
        known = next((m for m in self.facts.coming if m.id == command.meeting), None)
        change = Change(
            receipt="MK-0000-0001", at=turn.now, meeting=known or meeting("new", at(27))
        )
        if command.action == "afbud" and known is not None:
            gone = known.copy(update={
                "status": "cancelled",
                "afbud": Afbud(reason=command.body["reason"], note=None, assessment="named", at=turn.now),
            })  # fmt: skip
            change = change.copy(update={"meeting": gone})
            if command.body.get("new_time"):
                change = change.copy(update={"meeting": meeting("new", at(27)), "replaced": gone})
        return conversation.conclude(self.outcome.dialogue, command, change, turn, self.facts)

    @property
    def titles(self) -> list[str]:
        """The keys of the choices' titles."""
        assert self.outcome is not None
        return [choice.title.key for choice in self.outcome.reply.choices]

    def press(self, index: int, **other: Any) -> Evidence:
        """The turn of pressing a choice of the last reply."""
        assert self.outcome is not None
        payload = self.outcome.reply.choices[index].payload
        return turn(payload["intent"], choice=payload, **other)
