"""What the pipeline found in a message: intents, entities, clauses, scores of moves, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Mapping, Optional

from bot.backend.contract import Format
from bot.clock import COPENHAGEN, read_instant
from bot.dialogue.moves import TimeMention

Channel = Literal["min_side", "sms"]

_WEEKDAY = re.compile(r"\b(?:man|tirs?|ons|tors?|fre|l(?:ø|oe|o)r|s(?:ø|oe|o)n)[a-zæøå]*d\w*", re.I)
_SUBJECT = r"(?:jeg|man|du|vi|det|den|der|de|mit|min|mine|mødet|moedet|nogen)"
_ASKS = re.compile(
    rf"^\W*(?:(?:og|men|så|saa|ja|ok|okay)\W+)?(?:hv[aoe]\w*|(?:må|maa|skal|kan|vil)\s+(?:{_SUBJECT}|i)"
    rf"|(?:er|får|faar|mister|bliver|har|gælder|gaelder|kommer)\s+{_SUBJECT})\b|\?\W*$",
    re.I,
)


@dataclass(frozen=True)
class Clause:
    """A stretch of the message with the likeliest intents of it alone, likeliest first."""

    start: int
    end: int
    asks: bool
    ranking: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Evidence:
    """One message as the pipeline understood it.

    `scores`: for every label of `moves.LABELS` how likely that move is, by text and standing. `questions`:
    the intents of a message that was taken apart as several plain questions. `times` are in the order in
    which they stand. `choice`: the payload of an offered choice that was pressed; then nothing was read.
    """

    message_id: str
    text: str
    now: datetime
    intent: str = "nlu_fallback"
    ranking: tuple[tuple[str, float], ...] = ()
    scores: Mapping[str, float] = ()  # type: ignore[assignment]
    clauses: tuple[Clause, ...] = ()
    questions: tuple[Clause, ...] = ()
    times: tuple[TimeMention, ...] = ()
    time_places: tuple[tuple[int, int], ...] = ()
    reasons: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()
    format_places: tuple[tuple[int, int], ...] = ()
    choice: Optional[Mapping[str, Any]] = None
    member: Optional[str] = None
    verified: bool = False
    waiting: bool = False
    channel: Channel = "min_side"

    @property
    def asks(self) -> bool:
        """Whether the text has a question's form: a question mark at its end, or a question's first words."""
        return _ASKS.search(self.text) is not None


def read_evidence(message: Mapping[str, Any]) -> Evidence:
    """Rasa's `latest_message` (of the gateway's channel). Raises KeyError without metadata."""
    metadata = message["metadata"]
    text = str(message.get("text") or "")
    entities: list[Mapping[str, Any]] = message.get("entities") or []

    def values(name: str) -> tuple[Any, ...]:
        return tuple(entity["value"] for entity in entities if entity["entity"] == name)

    times = [entity for entity in entities if entity["entity"] == "time"]
    choices = values("choice")
    return Evidence(
        message_id=str(message.get("message_id") or metadata["message_id"]),
        text=text,
        now=read_instant(metadata["now"]),
        intent=str((message.get("intent") or {}).get("name") or "nlu_fallback"),
        ranking=_ranking(message.get("intent_ranking") or []),
        scores=dict(message.get("moves") or {}),
        clauses=tuple(_clause(given) for given in message.get("clauses") or []),
        questions=tuple(_question(part) for part in message.get("parts") or []),
        times=tuple(_mention(entity, text) for entity in times),
        time_places=tuple((int(entity["start"]), int(entity["end"])) for entity in times),
        reasons=values("reason"),
        kinds=values("meeting_kind"),
        formats=values("meeting_format"),
        format_places=tuple(
            (int(e["start"]), int(e["end"])) for e in entities if e["entity"] == "meeting_format"
        ),
        choice=choices[0] if choices else None,
        member=metadata.get("member"),
        verified=bool(metadata.get("verified")),
        waiting=bool(metadata.get("waiting")),
        channel="sms" if metadata.get("channel") == "sms" else "min_side",
    )


def _ranking(given: Any) -> tuple[tuple[str, float], ...]:
    return tuple((str(rank["name"]), float(rank["confidence"])) for rank in given)


def _clause(given: Mapping[str, Any]) -> Clause:
    ranking = _ranking(given["ranking"])
    return Clause(int(given["start"]), int(given["end"]), bool(given["asks"]), ranking)


def _question(part: Mapping[str, Any]) -> Clause:
    return Clause(int(part["start"]), int(part["end"]), True, _ranking([part["intent"]]))


def _mention(entity: Mapping[str, Any], text: str) -> TimeMention:
    value = entity["value"]
    span = value if isinstance(value, Mapping) else {"value": value, "grain": entity.get("grain")}
    start, end = (
        read_instant(span[end]).astimezone(COPENHAGEN) if span.get(end) else None
        for end in ("start", "end")
    )
    words = text[int(entity.get("start") or 0) : int(entity.get("end") or 0)]
    clockless = re.sub(r"\b(?:kl|klokken)\W*\d+(?:[.:]\d+)?|\d+[.:]\d+", "", words, flags=re.I)
    return TimeMention(
        start=start,
        end=end,
        grain=str(span.get("grain") or "minute"),
        dated=bool(span.get("dated", True)),
        clock=bool(span.get("clock", False)),
        other=read_instant(span["other"]).astimezone(COPENHAGEN) if span.get("other") else None,
        weekday=bool(_WEEKDAY.search(words)) and not re.search(r"\d{1,2}(?:\.|/|$)", clockless),
    )
