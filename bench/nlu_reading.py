"""What the trained model reads in held-out messages, through Rasa's own parsing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.heldout import NOW, Line


@dataclass(frozen=True)
class Answer:
    """What the model read: the intent of the catalogue as `moedeklar parse` shows it."""

    intent: str
    asked: bool
    """In the "mente du" band: the likeliest is shown, and the member is asked."""
    offered: tuple[str, ...]
    entities: tuple[tuple[str, str], ...]
    """Name and value; a time as in `Line.times`."""
    milliseconds: float


def ask(agent: Any, lines: Sequence[Line]) -> list[Answer]:
    """Parses every message once, in order, after a short warm-up."""
    from rasa.core.channels.channel import UserMessage

    def parse(text: str) -> dict[str, Any]:
        message = UserMessage(text, metadata={"now": NOW})
        return dict(asyncio.run(agent.processor.parse_message(message)))

    for line in lines[:20]:
        parse(line.text)
    answers = []
    for line in lines:
        begun = time.perf_counter()
        parsed = parse(line.text)
        answers.append(_answer(parsed, (time.perf_counter() - begun) * 1000))
    return answers


def _answer(parsed: dict[str, Any], milliseconds: float) -> Answer:
    from bot.nlu.catalogue import catalogue_name

    ranked = [r["name"] for r in parsed["intent_ranking"] if r["name"] != "nlu_fallback"]
    asked = parsed["intent"]["name"] == "nlu_fallback"
    name = ranked[0] if asked else parsed["intent"]["name"]
    return Answer(
        catalogue_name(name),
        asked,
        tuple(catalogue_name(rank) for rank in ranked[:3]),
        tuple((one["entity"], _value(one)) for one in parsed.get("entities", [])),
        milliseconds,
    )


def _value(entity: Mapping[str, Any]) -> str:
    if entity["entity"] != "time":
        return str(entity["value"])
    said = entity["value"]["parse"]
    if "value" not in said:
        return f"{_local(said['from'])}..{_local(said['to'])}"
    digits = {"day": 10, "week": 10, "month": 7}.get(said["grain"], 16)
    return f"{said['value'][:digits]}/{said['grain']}"


def _local(instant: str | None) -> str:
    return instant[:16] if instant else ""
