"""What neither acts nor asks: small talk, complaints, what is told or not understood, and a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from bot.dialogue import (
    edge,
    flows,
    questions,
    under_way,
)
from bot.dialogue.asking import staff_choice
from bot.dialogue.did_you_mean import did_you_mean
from bot.dialogue.facts import Facts
from bot.dialogue.moves import (
    Complain,
    Person,
    Social,
    Tell,
    Unclear,
)
from bot.dialogue.reply import Choice, Outcome, Part, Reply, say
from bot.dialogue.state import Dialogue
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import upcoming


def only_said(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """Small talk, complaints, what is told or not understood."""
    social = turn.first(Social)
    if turn.has(Complain):
        reply = Reply(answer="negative_feedback")
        if turn.waiting:
            reply = say("complained_waiting")
        elif dialogue.staff_offered:
            reply = say("complained_again")
        return questions.and_back(dialogue.with_(staff_offered=True), reply, turn, facts)
    if turn.waiting and turn.has(Tell, Unclear):
        key = "staff_can_see" if turn.has(Tell) else "staff_will_read"
        return questions.and_back(dialogue, say(key), turn, facts)
    if social is not None and not turn.has(Unclear):
        return questions.and_back(dialogue, Reply(answer=social.kind), turn, facts)
    return not_understood(dialogue, turn, facts)


def not_understood(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """Unsure: asked back with what it could be; after the second time a person, once."""
    kept = dialogue.with_(misses=dialogue.misses + 1, was="not_understood")
    if under_way.in_a_matter(dialogue):
        assert dialogue.flow is not None
        again = flows.repeat_question(
            dialogue.flow.with_(tries=dialogue.flow.tries + 1), turn, facts
        )
        return under_way.stuck(dialogue, again.after(say("unsure_here")), turn, facts)
    if kept.misses >= edge.MISSES_BEFORE_STAFF and not dialogue.staff_offered:
        return Outcome(kept.with_(staff_offered=True), edge.offer_staff())
    unclear = turn.first(Unclear)
    nearest = unclear.nearest if unclear else (turn.nearest,)
    reply = did_you_mean(nearest)
    if turn.has(Tell):
        reply = replace(reply, parts=(Part("told_what"),))
    return Outcome(kept, reply)


def to_staff(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A person is wanted: handed over at once; a matter under way ends, with nothing changed."""
    if turn.waiting and turn.refuses:
        return Outcome(dialogue, Reply((Part("queue_left"),), queue="leave"))
    if turn.waiting:
        told = Reply((Part("queue_has_it"),), queue="place")
        return Outcome(dialogue, told, beside=_questions_of(dialogue, turn, facts))
    meetings = upcoming(facts, turn) if turn.member else []
    reply = edge.hand_over(turn, dialogue, meetings, facts)
    kept = Dialogue(
        english=dialogue.english, told=dialogue.told, was="handed_over", felt=dialogue.felt
    )
    return Outcome(kept, reply, beside=_questions_of(dialogue, turn, facts))


def _questions_of(dialogue: Dialogue, turn: Turn, facts: Facts) -> tuple[Reply, ...]:
    """What is asked beside the wish for a person, where the bot has the answer itself."""
    known = [
        ask for ask in turn.asks
        if ask.about.startswith(("faq", "context/")) or (ask.about in questions.OWN_TOPICS and turn.member)
    ]  # fmt: skip
    return tuple(questions.answer(ask, dialogue, turn, facts) for ask in known)


def repeated(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    if under_way.in_a_matter(dialogue):
        assert dialogue.flow is not None
        if dialogue.topic is not None:
            return questions.and_back(dialogue, Reply(answer=dialogue.topic), turn, facts)
        step = flows.repeat_question(dialogue.flow, turn, facts, whole=True)
        return Outcome(dialogue.with_(flow=step.flow), step.reply)
    if dialogue.last is not None:
        return Outcome(dialogue, Reply(answer="repeat"))
    return Outcome(dialogue, did_you_mean(()))


def in_english(dialogue: Dialogue, turn: Turn, facts: Facts) -> Optional[Outcome]:
    """What can be said in English: what the bot can't, and the way to a person. None: as ever."""
    if turn.has(Person) or (turn.accepts and dialogue.offer is not None):
        outcome = to_staff(dialogue, turn, facts)
        if outcome.reply.handover is None:
            return Outcome(dialogue, _in_the_queue_in_english())
        return replace(outcome, reply=replace(outcome.reply, parts=(Part("english_handed_over"),)))
    if turn.choice is not None or (turn.accepts and under_way.in_a_matter(dialogue)):
        return None
    staff = Choice(Part("english_staff"), staff_choice().payload)
    if turn.waiting:
        return Outcome(dialogue, _in_the_queue_in_english())
    if "english" in dialogue.told:
        return Outcome(dialogue, replace(say("english_again"), choices=(staff,), yes=staff.payload))
    dialogue = dialogue.with_(told=(*dialogue.told, "english"))
    return Outcome(dialogue, Reply(answer="beyond/english", choices=(staff,), yes=staff.payload))


def _in_the_queue_in_english() -> Reply:
    return Reply((Part("english_waiting"),), queue="place")
