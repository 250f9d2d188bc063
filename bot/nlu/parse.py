"""`moedeklar parse`: what the trained model reads in messages, one JSON object a line."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Iterator, Mapping, Optional, TextIO

from bot.clock import domain_clock, read_instant
from bot.gateway.neutral import neutral
from bot.nlu.catalogue import catalogue_name
from bot.settings import Settings, SettingsError
from bot.training import fitting_model, prepare_environment, quiet_logs


class ParseError(SettingsError):
    """A line of the input can't be read; the text names it."""


def parse_lines(settings: Settings, now: Optional[str], source: TextIO, out: TextIO) -> None:
    """Read messages (text, or JSON with `text` and maybe `now`) and write what was understood.

    One start-up for all lines; one line out for each line in, in order. Raises ParseError for a `now`
    that is no ISO time, ModelError without a model.
    """
    model = fitting_model()
    prepare_environment()
    quiet_logs()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))
    default = _instant(now, 0) if now else domain_clock(settings).now().isoformat()
    for text, at in _messages(source, default):
        message = UserMessage(neutral(text), metadata={"now": at})
        parsed = asyncio.run(agent.processor.parse_message(message))
        out.write(json.dumps(_shown(text, message.text, parsed), ensure_ascii=False) + "\n")
        out.flush()


def _messages(source: TextIO, default: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(source, start=1):
        line = line.rstrip("\r\n")
        given = _json_message(line)
        if given is None:
            yield line, default
        else:
            yield str(given["text"]), _instant(given.get("now") or default, number)


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
