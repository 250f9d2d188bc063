"""Rasa's only enabled input channel: the gateway speaks it, on loopback, with a bearer token.

`POST /webhooks/gateway/turns` (TurnRequest -> TurnAnswer) plays one message; a `message_id` that the
session already answered is answered again from the stored events, and nothing runs twice.
`DELETE /webhooks/gateway/sessions/<session>` forgets a session that the gateway has ended.
"""

from __future__ import annotations

import hmac
import logging
from typing import Any, Awaitable, Callable, Optional

from pydantic import ValidationError
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.clock import read_instant
from bot.dialogue.reading.standing import standing
from bot.dialogue.spoken import Spoken, TurnAnswer, TurnRequest
from bot.dialogue.state import read_dialogue
from bot.settings import settings

log = logging.getLogger(__name__)

NAME = "gateway"


class GatewayChannel(InputChannel):
    """See the module's text. The token is `MOEDEKLAR_RASA_TOKEN`."""

    def __init__(self, token: str) -> None:
        self.token = token

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place under `/webhooks/`."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: Optional[dict[str, Any]]) -> GatewayChannel:
        """From `credentials.yml`, which holds no secret: the token comes from the environment."""
        return cls(settings().rasa_token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes."""
        routes = Blueprint("gateway_channel")

        @routes.get("/")
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/turns")
        async def turns(request: Request) -> HTTPResponse:
            if not self._is_gateway(request):
                return _error(401, "unauthorized")
            try:
                turn = TurnRequest.parse_raw(request.body)
            except ValidationError:
                return _error(422, "invalid")
            store: TrackerStore = request.app.ctx.agent.tracker_store
            tracker = await store.retrieve(turn.session)
            answered = _answered(tracker, turn.message_id)
            if answered is None:
                collected = CollectingOutputChannel()
                await on_new_message(_user_message(turn, _stands(tracker, turn), collected))
                answered = _answer([m["custom"] for m in collected.messages if m.get("custom")])
            if not answered.messages:
                # Rasa swallows a failing action and says nothing (docs/architecture.md, Rasa as a part).
                log.error("turn %s got no answer", turn.message_id)
                return _error(502, "no_answer")
            return response.json(answered.dict())

        @routes.delete("/sessions/<session:str>")
        async def forget(request: Request, session: str) -> HTTPResponse:
            if not self._is_gateway(request):
                return _error(401, "unauthorized")
            _forget(request.app.ctx.agent.tracker_store, session)
            return response.empty(204)

        return routes

    def _is_gateway(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode())


def _stands(tracker: Optional[DialogueStateTracker], turn: TurnRequest) -> str:
    """Where the conversation stands, for the part of the pipeline that scores moves."""
    slot = tracker.get_slot("dialogue") if tracker is not None else None
    dialogue = read_dialogue(slot, read_instant(turn.metadata.now))
    return standing(dialogue, turn.metadata.waiting).json(exclude_defaults=True)


def _user_message(turn: TurnRequest, stands: str, output: CollectingOutputChannel) -> UserMessage:
    """A typed text goes through NLU; a choice's payload comes as parsed data and passes it by."""
    parsed = None
    if turn.payload is not None:
        parsed = {
            "text": turn.text or "",
            "intent": {"name": turn.payload["intent"], "confidence": 1.0},
            "intent_ranking": [],
            "entities": [{"entity": "choice", "value": turn.payload}],
        }
    return UserMessage(
        text=turn.text or "",
        output_channel=output,
        sender_id=turn.session,
        input_channel=NAME,
        message_id=turn.message_id,
        parse_data=parsed,
        metadata={**turn.metadata.dict(), "message_id": turn.message_id, "stands": stands},
    )


def _answered(tracker: Optional[DialogueStateTracker], message_id: str) -> Optional[TurnAnswer]:
    """What the session said to that message, or None where it has not answered it yet."""
    said: Optional[list[dict[str, Any]]] = None
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered):
            if said:
                break
            said = [] if event.message_id == message_id else None
        elif isinstance(event, BotUttered) and said is not None and event.data.get("custom"):
            said.append(event.data["custom"])
    return _answer(said) if said else None


def _answer(customs: list[dict[str, Any]]) -> TurnAnswer:
    return TurnAnswer(
        messages=[Spoken.parse_obj(custom["spoken"]) for custom in customs],
        flow=customs[-1]["flow"] if customs else None,
    )


def _forget(store: Any, session: str) -> None:
    """Delete a session's events; Rasa's stores have no call for it."""
    while hasattr(store, "_tracker_store"):  # the wrapper that makes stores awaitable
        store = store._tracker_store
    if isinstance(store, InMemoryTrackerStore):
        store.store.pop(session, None)
        return
    if not isinstance(store, SQLTrackerStore):
        raise TypeError(f"sessions of a {type(store).__name__} can't be forgotten")
    with store.session_scope() as database:
        database.query(store.SQLEvent).filter_by(sender_id=session).delete()
        database.commit()


def _error(status: int, code: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "message": code}}, status=status)
