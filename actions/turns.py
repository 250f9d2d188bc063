"""The one action: the member's turn is read, played and answered; at most one change is carried out."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from functools import lru_cache
from typing import Any, Mapping, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.records import Records, carry_out
from actions.shell import with_metadata
from bot.backend.client import BackendClient
from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.dialogue import conversation, several
from bot.dialogue.moves import Person, Repeat, Social
from bot.dialogue.reading import read, read_evidence
from bot.dialogue.reply import Outcome, Reply
from bot.dialogue.spoken import Spoken
from bot.dialogue.state import Dialogue, read_dialogue
from bot.dialogue.turn import Turn
from bot.dialogue.wording import wording
from bot.profile import profile
from bot.settings import settings

log = logging.getLogger(__name__)

SLOT = "dialogue"


class ActionPlay(Action):
    """One turn: the slot and the message in, a step of the dialogue, the answer and the slot out."""

    def name(self) -> str:
        """The action's name in `domain.yml`."""
        return "action_play"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Play the turn in a thread of its own: a slow back end holds up no other conversation."""
        return await asyncio.to_thread(self.turn, dispatcher, tracker)

    def turn(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Read the turn, play it, say what came of it. A back end that is down becomes an answer."""
        evidence = read_evidence(with_metadata(tracker.latest_message))
        dialogue = read_dialogue(tracker.get_slot(SLOT), evidence.now)
        turn = read(evidence, dialogue, wording(settings().profile).answers)
        outcome = play(dialogue, turn)
        spoken = said(outcome, dialogue, turn.waiting)
        if stands_already(spoken, dialogue, turn):
            outcome = conversation.in_other_words(dialogue, outcome, turn.waiting)
            spoken = said(outcome, dialogue, turn.waiting)
        spoken.english = turn.english
        if outcome.dialogue.misses > dialogue.misses or outcome.dialogue.staff_offered:
            spoken.unanswered = turn.nearest
        replies = [outcome.reply, *outcome.beside]
        kept = conversation.as_shown(outcome.dialogue, spoken).with_(
            last=_to_repeat(spoken), topic=several.last_topic(dialogue.topic, replies)
        )
        flow = kept.flow.name if kept.flow else None
        if tracker.get_latest_input_channel() == "cmdline":  # `rasa shell` shows text, not JSON
            dispatcher.utter_message(text=spoken.text)
        else:
            shown = {"spoken": json.loads(spoken.json()), "flow": flow}
            dispatcher.utter_message(json_message=shown)
        return [SlotSet(SLOT, json.loads(kept.json(exclude_none=True)))]


def play(dialogue: Dialogue, turn: Turn) -> Outcome:
    """A step, and the change that it leads to; whatever the back end says becomes a reply."""
    own = profile(settings().profile)
    facts = Records(_backend(turn), turn.member or "", own)
    if turn.member is None and conversation.is_personal(dialogue, turn):
        return conversation.unknown_member(dialogue)
    try:
        outcome = conversation.play(dialogue, turn, facts)
    except BackendUnavailable as error:
        log.warning("back end not readable: %s", error)
        return conversation.backend_down(dialogue, facts)
    if outcome.command is None:
        return outcome
    return _carried_out(outcome, turn, Records(facts.backend, facts.member, own))


def said(outcome: Outcome, before: Dialogue, waiting: bool = False) -> Spoken:
    """The outcome's reply with the answers beside it, as one message.

    `waiting`: staff have the conversation in their queue, and no choice leads to them once more.
    """
    others = outcome.beside if several.have_room(outcome.reply) else ()
    spoken = several.together(
        [_spoken(reply, before) for reply in several.opening_apart(outcome.reply, others)],
        [_spoken(reply, before) for reply in others],
        open_question=outcome.dialogue.flow is not None or outcome.reply.handover is not None,
    )
    if waiting:
        spoken.choices = [c for c in spoken.choices if c.payload.get("intent") != "handoff"]
    return spoken


def stands_already(spoken: Spoken, before: Dialogue, turn: Turn) -> bool:
    """Whether the same words stand there already, and were not asked for again."""
    if before.last is None or spoken.text != before.last.get("text") or not spoken.text:
        return False
    said_again = turn.has(Repeat, Social, Person) or spoken.queue is not None
    return not said_again and spoken.handover is None


def _to_repeat(spoken: Spoken) -> dict[str, Any]:
    """What "sig det igen" says: all but what was done once, and choices of a question no longer open."""
    lasting = [choice for choice in spoken.choices if choice.payload.get("start")]
    said = spoken.copy(update={"choices": lasting})
    return said.dict(exclude={"handover", "unanswered", "verify"})


def _carried_out(outcome: Outcome, turn: Turn, facts: Records) -> Outcome:
    assert outcome.command is not None
    dialogue, command = outcome.dialogue, outcome.command
    try:
        change = carry_out(facts.backend, facts.member, command)
        done = conversation.conclude(dialogue, command, change, turn, facts)
        return replace(done, beside=outcome.beside)
    except BackendRefusal as refusal:
        log.info("refused: %s %s", command.action, refusal.code)
        try:
            return conversation.conclude_refused(dialogue, refusal.code, turn, facts)
        except BackendUnavailable:
            return conversation.conclude_unavailable(dialogue, False, turn, facts)
    except BackendUnavailable as error:
        log.warning("no answer to %s: %s", command.action, error)
        return conversation.conclude_unavailable(dialogue, error.maybe_done, turn, facts)


def _spoken(reply: Reply, dialogue: Dialogue) -> Spoken:
    if reply.answer == "repeat" and dialogue.last is not None:
        return Spoken.parse_obj(dialogue.last)
    return wording(settings().profile).spoken(reply)


@lru_cache(maxsize=1)
def _connection() -> BackendClient:
    return BackendClient(settings().backend_url, settings().service_token)


def _backend(turn: Turn) -> BackendClient:
    actor: Optional[str] = turn.member
    return _connection().acting(f"member:{actor}", turn.channel) if actor else _connection()
