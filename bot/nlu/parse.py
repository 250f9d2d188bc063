"""`moedeklar parse`: what the trained model reads in messages, one JSON object a line."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Iterator, Mapping, Optional, TextIO

from pydantic import ValidationError

from bot.clock import domain_clock, read_instant
from bot.dialogue.reading.standing import Standing
from bot.gateway.neutral import neutral
from bot.nlu.catalogue import catalogue_name
from bot.settings import Settings, SettingsError
from bot.training import fitting_model, prepare_environment, quiet_logs

_WORTH_SHOWING = 0.05


class ParseError(SettingsError):
    """A line of the input can't be read; the text names it."""


def parse_lines(settings: Settings, now: Optional[str], source: TextIO, out: TextIO) -> None:
    """Read messages (text, or JSON with `text` and maybe `now` and `stands`) and write what was understood.

    With `stands` (where the conversation stands, see docs/moves.md) the scores of the moves are written too.
    One start-up for all lines; one line out for each line in, in order. Raises ParseError for a `now`
    that is no ISO time and a `stands` that is none, ModelError without a model.
    """
    model = fitting_model()
    prepare_environment()
    quiet_logs()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))
    default = _instant(now, 0) if now else domain_clock(settings).now().isoformat()
    for text, at, stands in _messages(source, default):
        placed = {} if stands is None else {"stands": stands.json(exclude_defaults=True)}
        message = UserMessage(neutral(text), metadata={"now": at, **placed})
        parsed = asyncio.run(agent.processor.parse_message(message))
        shown = _shown(text, message.text, parsed)
        if stands is not None:
            shown["moves"] = _moves(parsed)
        out.write(json.dumps(shown, ensure_ascii=False) + "\n")
        out.flush()


def _messages(source: TextIO, default: str) -> Iterator[tuple[str, str, Optional[Standing]]]:
    for number, line in enumerate(source, start=1):
        line = line.rstrip("\r\n")
        given = _json_message(line)
        if given is None:
            yield line, default, None
        else:
            at = _instant(given.get("now") or default, number)
            yield str(given["text"]), at, _standing(given.get("stands"), number)


def _standing(given: Any, line: int) -> Optional[Standing]:
    if given is None:
        return None
    try:
        return Standing.parse_obj(given)
    except ValidationError as error:
        raise ParseError(
            f"line {line}: `stands` is no standing: {error.errors()[0]['msg']}"
        ) from error


def _moves(parsed: Mapping[str, Any]) -> dict[str, float]:
    """The likeliest moves with their scores, likeliest first."""
    scores: Mapping[str, float] = parsed.get("moves") or {}
    likely = sorted(scores.items(), key=lambda each: -each[1])
    return {label: score for label, score in likely if score >= _WORTH_SHOWING}


def _json_message(line: str) -> Optional[Mapping[str, Any]]:
    """The line as `{"text", "now"?}`; None for one that is text, also where it begins with a brace."""
    if not line.startswith("{"):
        return None
    try:
        given = json.loads(line)
    except json.JSONDecodeError:
        return None
    return given if isinstance(given, dict) and "text" in given else None


def _instant(text: str, line: int) -> str:
    try:
        return read_instant(text).isoformat()
    except ValueError as error:
        where = f"line {line}" if line else "--now"
        raise ParseError(f"{where}: {text!r} is not an ISO 8601 time") from error


def _shown(text: str, understood: str, parsed: Mapping[str, Any]) -> dict[str, Any]:
    shift = max(0, text.find(understood))  # what was cut off at the start of the message
    intent = parsed["intent"]
    name, confidence = intent["name"], float(intent["confidence"])
    if name == "nlu_fallback":  # the "mente du" band: the likeliest
        name, confidence = next(
            (str(rank["name"]), float(rank["confidence"]))
            for rank in parsed["intent_ranking"]
            if rank["name"] != "nlu_fallback"
        )
    return {
        "text": text,
        "intent": catalogue_name(name),
        "confidence": round(confidence, 4),
        "entities": [_entity(entity, shift) for entity in parsed["entities"]],
    }


def _entity(entity: Mapping[str, Any], shift: int) -> dict[str, Any]:
    value = entity["value"]
    said = dict(value["parse"]) if entity["entity"] == "time" else {"value": value}
    place = {"start": entity["start"] + shift, "end": entity["end"] + shift}
    return {"entity": entity["entity"], **said, **place}
