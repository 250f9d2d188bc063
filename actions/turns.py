"""The six actions. Each hands the turn to its function of `bot.dialogue.conversation`; all else is shared."""

from __future__ import annotations

import asyncio
import json
import logging
from abc import ABC, abstractmethod
from dataclasses import replace
from functools import lru_cache
from typing import Any, Callable, Mapping, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.records import Records, carry_out
from actions.shell import with_metadata
from bot.backend.client import BackendClient
from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.dialogue import conversation, several
from bot.dialogue.reply import Outcome, Reply
from bot.dialogue.spoken import Spoken
from bot.dialogue.state import Dialogue, read_dialogue
from bot.dialogue.turn import Turn, read_turn
from bot.dialogue.wording import wording
from bot.profile import profile
from bot.settings import settings

log = logging.getLogger(__name__)

SLOT = "dialogue"


_Answer = Callable[[Dialogue, Turn, Records], Outcome]


class DialogueAction(Action, ABC):
    """One turn: the slot and the message in, a step of the dialogue, the answer and the slot out."""

    title: str
    personal = True
    """Whether the turn is about the member's own records: then it must be known who writes."""

    @abstractmethod
    def answer(self, dialogue: Dialogue, turn: Turn, facts: Records) -> Outcome:
        """The dialogue's function for this kind of turn."""

    def name(self) -> str:
        """The action's name in `domain.yml`."""
        return self.title

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Play the turn in a thread of its own: a slow back end holds up no other conversation."""
        return await asyncio.to_thread(self.turn, dispatcher, tracker)

    def turn(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Read the turn, play it, say what came of it. A back end that is down becomes an answer."""
        turn = read_turn(with_metadata(tracker.latest_message))
        dialogue = read_dialogue(tracker.get_slot(SLOT), turn.now)
        leaning = _in_context(dialogue, turn)
        if leaning is None:
            outcome = play(self.answer, dialogue, turn, self.personal)
        else:
            outcome = play(conversation.question, dialogue, leaning, personal=False)
        others = replies_to_others(turn) if several.have_room(outcome.reply) else []
        spoken = several.together(
            [_spoken(reply, dialogue) for reply in several.opening_apart(outcome.reply, others)],
            [_spoken(reply, dialogue) for reply in others],
            open_question=outcome.dialogue.flow is not None or outcome.reply.handover is not None,
        )
        if _missed(dialogue, outcome.dialogue):
            spoken.unanswered = _nearest(turn)
        kept = outcome.dialogue.with_(
            last=_to_repeat(spoken),
            topic=several.last_topic(dialogue.topic, outcome.reply, others),
        )
        flow = kept.flow.name if kept.flow else None
        if tracker.get_latest_input_channel() == "cmdline":  # `rasa shell` shows text, not JSON
            dispatcher.utter_message(text=spoken.text)
        else:
            said = {"spoken": json.loads(spoken.json()), "flow": flow}
            dispatcher.utter_message(json_message=said)
        return [SlotSet(SLOT, json.loads(kept.json(exclude_none=True)))]


def play(answer: _Answer, dialogue: Dialogue, turn: Turn, personal: bool) -> Outcome:
    """A step, and the change that it leads to; whatever the back end says becomes a reply."""
    own = profile(settings().profile)
    facts = Records(_backend(turn), turn.member or "", own)
    if personal and turn.member is None and conversation.is_personal(turn):
        return conversation.unknown_member(dialogue)
    try:
        outcome = answer(dialogue, turn, facts)
    except BackendUnavailable as error:
        log.warning("back end not readable: %s", error)
        return conversation.backend_down(dialogue, facts)
    if outcome.command is None:
        return outcome
    return _carried_out(outcome, turn, Records(facts.backend, facts.member, own))


def replies_to_others(turn: Turn) -> list[Reply]:
    """What the other questions of the message are answered with; most need no records."""
    facts = Records(_backend(turn), turn.member or "", profile(settings().profile))
    try:
        return several.replies(turn.others, facts, wording(settings().profile).answers)
    except BackendUnavailable as error:
        log.warning("back end not readable: %s", error)
        return [conversation.backend_down(Dialogue(), facts).reply]


def _in_context(dialogue: Dialogue, turn: Turn) -> Optional[Turn]:
    """The turn as the question that it is after the last answer ("og digitalt?"); None: it stands alone."""
    if turn.choice is not None or turn.others:
        return None
    topic = wording(settings().profile).answers.in_context(dialogue.topic, turn.text)
    return None if topic is None else replace(turn, intent=topic)


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
        return conversation.conclude(dialogue, command, change, turn, facts)
    except BackendRefusal as refusal:
        log.info("refused: %s %s", command.action, refusal.code)
        try:
            return conversation.conclude_refused(dialogue, refusal.code, turn, facts)
        except BackendUnavailable:
            return conversation.conclude_unavailable(dialogue, False, turn, facts)
    except BackendUnavailable as error:
        log.warning("no answer to %s: %s", command.action, error)
        return conversation.conclude_unavailable(dialogue, error.maybe_done, turn, facts)


def _missed(before: Dialogue, after: Dialogue) -> bool:
    """Whether the bot had no answer to the turn: one more miss, or the offer of a person that ends them."""
    return after.misses > before.misses or after.gave_up


def _nearest(turn: Turn) -> str:
    """The likeliest intent, also where it was too unlikely to act on."""
    return next((name for name, _ in turn.ranking if name != "nlu_fallback"), turn.intent)


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


class ActionMatter(DialogueAction):
    """Afbud, booking, moving and the rest: begun, gone on with, confirmed or left."""

    title = "action_matter"

    def answer(self, dialogue: Dialogue, turn: Turn, facts: Records) -> Outcome:
        """See `conversation.matter`."""
        return conversation.matter(dialogue, turn, facts)


class ActionAnswerQuestion(DialogueAction):
    """Questions about rights and duties, and small talk: the same for everybody."""

    title, personal = "action_answer_question", False

    def answer(self, dialogue: Dialogue, turn: Turn, facts: Records) -> Outcome:
        """See `conversation.question`."""
        return conversation.question(dialogue, turn, facts)


class ActionOwnCase(DialogueAction):
    """The member's own meetings, deadline and course."""

    title = "action_own_case"

    def answer(self, dialogue: Dialogue, turn: Turn, facts: Records) -> Outcome:
        """See `conversation.own`."""
        return conversation.own(dialogue, turn, facts)


class ActionHandOver(DialogueAction):
    """A person is wanted."""

    title, personal = "action_hand_over", False

    def answer(self, dialogue: Dialogue, turn: Turn, facts: Records) -> Outcome:
        """See `conversation.staff`."""
        return conversation.staff(dialogue, turn, facts)


class ActionNotUnderstood(DialogueAction):
    """The model was unsure."""

    title, personal = "action_not_understood", False

    def answer(self, dialogue: Dialogue, turn: Turn, facts: Records) -> Outcome:
        """See `conversation.not_understood`."""
        return conversation.not_understood(dialogue, turn, facts)


class ActionBeyond(DialogueAction):
    """Something that the assistant knows nothing about."""

    title, personal = "action_beyond", False

    def answer(self, dialogue: Dialogue, turn: Turn, facts: Records) -> Outcome:
        """See `conversation.beyond`."""
        return conversation.beyond(dialogue, turn, facts)
