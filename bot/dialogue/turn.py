"""One message of the member, as it was understood: what a flow step gets to read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Literal, Mapping, Optional

from bot.backend.contract import Format
from bot.clock import COPENHAGEN, read_instant

_SUBJECT = r"(?:jeg|man|du|vi|det|den|der|de|mit|min|mine|mødet|moedet|nogen)"
_ASKS = re.compile(
    rf"^\W*(?:(?:og|men|så|saa)\s+)?(?:hv\w+|(?:må|maa|skal|kan|vil)\s+(?:{_SUBJECT}|i)"
    rf"|(?:er|får|faar|mister|bliver|har|gælder|gaelder|kommer)\s+{_SUBJECT})\b|\?\s*$",
    re.I,
)

Channel = Literal["min_side", "sms"]


@dataclass(frozen=True)
class TimeMention:
    """A time that the member named, as a half-open interval in Copenhagen time; an end may be open.

    `dated`: a day was named ("torsdag"), not only a clock time or a part of the day ("om formiddagen").
    `clock`: the start is a clock time ("kl. 14"), not merely where the interval begins.
    `other`: the second reading where Danes differ ("næste torsdag"), else None.
    """

    start: Optional[datetime]
    end: Optional[datetime]
    grain: str
    dated: bool = True
    clock: bool = False
    other: Optional[datetime] = None

    def covers(self, instant: datetime) -> bool:
        """Whether the instant lies in the interval; of a clock time only the very minute counts."""
        local = instant.astimezone(COPENHAGEN)
        if self.start is not None and local < self.start:
            return False
        return self.end is None or local < self.end

    @property
    def exact(self) -> bool:
        """Whether a clock time itself was named ("kl. 14"), not a span ("efter kl. 15")."""
        return (
            self.clock
            and self.start is not None
            and self.end is not None
            and self.end - self.start <= timedelta(minutes=1)
        )

    def hours(self) -> tuple[Optional[time], Optional[time]]:
        """The clock part alone, for a wish that names no day."""
        start = self.start.astimezone(COPENHAGEN).time() if self.start else None
        end = self.end.astimezone(COPENHAGEN).time() if self.end else None
        return start, (None if end == time(0) else end)


@dataclass(frozen=True)
class Turn:
    """A member's message with what the model read in it, and who wrote it, where and when.

    `member` comes from the gateway's metadata alone, never from the text. `now` is when the gateway
    received the message (UTC). `waiting`: staff have the conversation in their queue. `choice` is the
    payload of an offered choice that was pressed. Where a message holds several questions this is the
    one to act on, with its own words alone, and `others` are the rest of them.
    """

    message_id: str
    intent: str
    text: str
    now: datetime
    member: Optional[str] = None
    verified: bool = False
    waiting: bool = False
    channel: Channel = "min_side"
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    times: tuple[TimeMention, ...] = ()
    reasons: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()
    choice: Optional[Mapping[str, Any]] = None
    others: tuple[Turn, ...] = ()
    whole: str = ""

    @property
    def written(self) -> str:
        """The whole message, also where this is one question of several in it."""
        return self.whole or self.text

    @property
    def reason(self) -> Optional[str]:
        """The first reason named."""
        return self.reasons[0] if self.reasons else None

    @property
    def asks(self) -> bool:
        """Whether the text has a question's form: a question mark at its end, or a question's first words."""
        return _ASKS.search(self.text) is not None

    @property
    def format(self) -> Optional[Format]:
        """The format named; of several the last one ("ikke i lokalafdelingen, men digitalt")."""
        return self.formats[-1] if self.formats else None


def read_turn(message: Mapping[str, Any]) -> Turn:
    """Rasa's `latest_message` (of the gateway's channel) to a Turn. Raises KeyError without metadata."""
    parts = message.get("parts") or []
    if len(parts) < 2:
        return _turn(message)
    first, *others = (_turn(_only(part, message)) for part in parts)
    return replace(first, others=tuple(others), whole=str(message["text"]))


def _only(part: Mapping[str, Any], message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message as if a part of it (bot.nlu.double_questions) were all that was written."""
    begin, stop = int(part["start"]), int(part["end"])
    entities = message.get("entities") or []
    return {
        **message,
        "text": str(message["text"])[begin:stop],
        "intent": part["intent"],
        "intent_ranking": [part["intent"]],
        "entities": [e for e in entities if begin <= e["start"] and e["end"] <= stop],
    }


def _turn(message: Mapping[str, Any]) -> Turn:
    metadata = message["metadata"]
    entities: list[Mapping[str, Any]] = message.get("entities") or []

    def values(name: str) -> tuple[Any, ...]:
        return tuple(entity["value"] for entity in entities if entity["entity"] == name)

    choices = values("choice")
    return Turn(
        message_id=str(message.get("message_id") or metadata["message_id"]),
        intent=str((message.get("intent") or {}).get("name") or "nlu_fallback"),
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        ranking=tuple(
            (str(rank["name"]), float(rank["confidence"]))
            for rank in message.get("intent_ranking") or []
        ),
        text=str(message.get("text") or ""),
        now=read_instant(metadata["now"]),
        member=metadata.get("member"),
        verified=bool(metadata.get("verified")),
        waiting=bool(metadata.get("waiting")),
        channel="sms" if metadata.get("channel") == "sms" else "min_side",
        times=tuple(_mention(entity) for entity in entities if entity["entity"] == "time"),
        reasons=values("reason"),
        kinds=values("meeting_kind"),
        formats=values("meeting_format"),
        choice=choices[0] if choices else None,
    )


def _mention(entity: Mapping[str, Any]) -> TimeMention:
    value = entity["value"]
    span = value if isinstance(value, Mapping) else {"value": value, "grain": entity.get("grain")}
    start, end = (
        read_instant(span[end]).astimezone(COPENHAGEN) if span.get(end) else None
        for end in ("start", "end")
    )
    return TimeMention(
        start=start,
        end=end,
        grain=str(span.get("grain") or "minute"),
        dated=bool(span.get("dated", True)),
        clock=bool(span.get("clock", False)),
        other=read_instant(span["other"]).astimezone(COPENHAGEN) if span.get("other") else None,
    )
