"""The whole dialogue: `(dialogue, turn, facts) -> Outcome`, whatever the turn is about.

The functions here are the ones that actions call, one for each kind of intent; they share what every
turn needs: a flow under way is gone on with after an interruption, misses are counted, a bare "ja"
takes what was just offered.
"""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import Callable, Mapping, Optional

from bot.backend.contract import Change
from bot.backend.failures import BackendUnavailable
from bot.dialogue import edge, flows, own_case, receipts, several, tone
from bot.dialogue.asking import STAFF, Step, staff_choice
from bot.dialogue.choosing import with_bare_hour
from bot.dialogue.did_you_mean import (
    about_what,
    did_you_mean,
    is_it_why,
    reads_as,
    suggestions,
    taken,
)  # fmt: skip
from bot.dialogue.facts import Facts
from bot.dialogue.listening import Heard, listener
from bot.dialogue.reply import Outcome, Part, Reply, say
from bot.dialogue.state import Command, Dialogue, Flow
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import upcoming

Answerer = Callable[[Dialogue, Turn, Facts], Outcome]


def _listening(personal: bool = False) -> Callable[[Answerer], Answerer]:
    """Hear what stands between the lines, and open the reply with it (see `listening`).

    `personal`: the answer would be about the member's own records, which another's must not pass for.
    """

    def wrapping(answer: Answerer) -> Answerer:
        @wraps(answer)
        def attentive(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
            heard = _heard(turn)
            if heard.mood == "crisis":
                return Outcome(Dialogue(felt="crisis"), edge.crisis(turn, dialogue.flow, facts))
            taken_up = _offer_taken(dialogue, turn, facts) or _suggestion_taken(
                dialogue, turn, facts
            )
            if taken_up is not None:
                return taken_up
            dialogue = dialogue.with_(suggested=())
            turn = _in_its_place(dialogue.flow, turn)
            if personal and heard.whose == "somebody" and not turn.reasons:
                outcome = _and_back(dialogue, tone.about_somebody_else(), turn, facts)
            else:
                outcome = tone.opened(answer(dialogue, turn, facts), heard, turn)
            return _offering(outcome)

        return attentive

    return wrapping


def _heard(turn: Turn) -> Heard:
    return listener().listen(turn.written) if turn.choice is None else Heard()


def _in_its_place(flow: Optional[Flow], turn: Turn) -> Turn:
    """The turn with what its words mean only after the question that is open."""
    if flow is None or flow.asked not in ("time", "confirm"):
        return turn
    return with_bare_hour(turn, len(flow.offered))


@_listening(personal=True)
def matter(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A turn that begins, goes on with or ends a matter (afbud, booking, yes, no, "torsdag" …)."""
    if dialogue.flow is None and turn.intent not in flows.STARTS:
        return _without_flow(dialogue, turn, facts)
    if turn.intent == "repeat" and dialogue.topic is not None:
        return question(dialogue, replace(turn, intent=dialogue.topic), facts)
    return _gone_on(dialogue, turn, facts)


@_listening()
def question(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A question answered from `data/answers`; then back to the matter under way."""
    if flows.answers_what_was_asked(dialogue.flow, turn):
        return _kept(dialogue, flows.step(dialogue.flow, _as_piece(turn), facts))
    beside = _beside(turn, facts) if dialogue.flow is None and turn.verified else ()
    return _and_back(dialogue, Reply(beside, answer=turn.intent), turn, facts)


@_listening(personal=True)
def own(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A question about the member's own meetings or course; then back to the matter under way."""
    return _and_back(dialogue, own_case.tell(turn, facts), turn, facts)


@_listening()
def staff(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """The member wants a person: handed over at once; a matter under way ends, with nothing changed."""
    meetings = upcoming(facts, turn) if turn.member else []
    reply = edge.hand_over(turn, dialogue, meetings, facts, _heard(turn).mood)
    return Outcome(Dialogue(), reply)


@_listening()
def not_understood(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """The model was unsure: read by what was asked, else a question back, then a person."""
    if flows.answers_what_was_asked(dialogue.flow, turn) or _takes_free_words(dialogue, turn):
        return _kept(dialogue, flows.step(dialogue.flow, _as_piece(turn), facts))
    meant = reads_as(turn) if dialogue.flow is None else None
    if meant is not None:
        return _by_reason(dialogue, replace(turn, intent=meant), facts)
    if turn.waiting:
        return _and_back(dialogue, say("staff_will_read"), turn, facts)
    kept = dialogue.with_(misses=dialogue.misses + 1)
    if kept.misses >= edge.MISSES_BEFORE_STAFF or dialogue.gave_up:
        return _given_up(kept, turn, facts)
    if turn.intent == "inform":
        return _and_back(kept, about_what(), turn, facts, asks=True)
    if dialogue.flow is not None and dialogue.flow.asked is not None:
        return _and_back(kept, say("unsure_here"), turn, facts, asks=True)
    named = suggestions(turn)
    return Outcome(kept.with_(suggested=named), did_you_mean(named))


@_listening()
def beyond(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """Something that the bot knows nothing about: said so, with whom to ask; a second time, a person."""
    if flows.answers_what_was_asked(dialogue.flow, turn) or _takes_free_words(dialogue, turn):
        return _kept(dialogue, flows.step(dialogue.flow, _as_piece(turn), facts))
    if turn.waiting:
        return _and_back(dialogue, say("staff_will_read"), turn, facts)
    misses = 0 if turn.others else dialogue.misses + 1
    if misses >= edge.MISSES_BEFORE_STAFF:
        return _given_up(dialogue.with_(misses=misses), turn, facts)
    reply = Reply(answer="out_of_scope", about=turn.text, yes=staff_choice().payload)
    if dialogue.flow is None:
        reply = reply.then(is_it_why(turn))
    outcome = _and_back(dialogue, reply, turn, facts)
    return Outcome(outcome.dialogue.with_(misses=misses), outcome.reply)


def conclude(
    dialogue: Dialogue, command: Command, result: Change, turn: Turn, facts: Facts
) -> Outcome:
    """The back end carried the command out: the receipt."""
    assert dialogue.flow is not None
    outcome = _kept(dialogue, receipts.done(dialogue.flow, command, result, turn, facts))
    return tone.opened(outcome, _heard(turn), turn)


def conclude_refused(dialogue: Dialogue, code: str, turn: Turn, facts: Facts) -> Outcome:
    """The back end refused the command: nothing was changed."""
    assert dialogue.flow is not None
    return _kept(dialogue, receipts.refused(dialogue.flow, code, turn, facts))


def conclude_unavailable(dialogue: Dialogue, maybe_done: bool, turn: Turn, facts: Facts) -> Outcome:
    """The back end did not answer the command: the proposal stays for another try."""
    assert dialogue.flow is not None
    return _kept(dialogue, receipts.unavailable(dialogue.flow, maybe_done, turn, facts))


def unknown_member(dialogue: Dialogue) -> Outcome:
    """Something personal was asked, and it is not known who writes."""
    return Outcome(dialogue, edge.who_are_you())


def is_personal(turn: Turn) -> bool:
    """Whether the turn begins or asks something that is the member's own."""
    return turn.intent in flows.STARTS or turn.intent in several.OWN


def backend_down(dialogue: Dialogue, facts: Facts) -> Outcome:
    """The records can't be read now: nothing was changed, and the matter stays where it was."""
    return Outcome(dialogue, say("backend_down", support=facts.profile.support))


def _without_flow(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    if turn.choice is not None and not turn.choice.get("start"):
        return _kept(dialogue, flows.stray_choice(turn))
    if turn.intent == "repeat" and dialogue.last is not None:
        return Outcome(dialogue, Reply(answer="repeat"))
    keys: Mapping[str, str] = {
        "affirm": "nothing_to_confirm", "deny": "nothing_under_way", "stop": "nothing_under_way",
    }  # fmt: skip
    if turn.waiting and turn.intent in keys:
        return Outcome(dialogue, say("still_waiting"))
    if turn.intent in keys:
        return Outcome(dialogue, replace(say(keys[turn.intent]), choices=edge.capabilities()))
    return not_understood(dialogue, turn, facts)


def _given_up(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """Not understood once more: a person is offered. Inside a matter its own question stays open.

    After the second time it is not said any more that the bot did not understand.
    """
    if dialogue.flow is None or dialogue.flow.asked is None:
        return Outcome(dialogue.with_(misses=0), edge.offer_staff(again=dialogue.gave_up))
    again = dialogue.misses > edge.MISSES_BEFORE_STAFF
    said = say("or_staff_again" if again else "or_staff")
    outcome = _and_back(dialogue, said, turn, facts, asks=True)
    choices = [choice for choice in outcome.reply.choices if choice.title != STAFF.title]
    with_staff = (*choices, staff_choice("not_understood"))
    return replace(outcome, reply=replace(outcome.reply, choices=with_staff))


def _by_reason(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A bare reason taken for what it must mean; said, so that the member can object."""
    if turn.member is None:
        return unknown_member(dialogue)
    step = flows.step(None, turn, facts)
    return _kept(dialogue, step.after(say(f"read_as_{turn.intent}")))


def _offering(outcome: Outcome) -> Outcome:
    """With the choice that a bare yes to this reply means."""
    yes = outcome.reply.yes
    return replace(outcome, dialogue=outcome.dialogue.with_(offer=dict(yes) if yes else None))


def _offer_taken(dialogue: Dialogue, turn: Turn, facts: Facts) -> Optional[Outcome]:
    """A bare yes, or a bare time, to what the last reply offered; None where it is neither."""
    if dialogue.offer is None or turn.choice is not None:
        return None
    when = turn.intent == "inform" and turn.times and dialogue.offer["intent"] in flows.STARTS
    if turn.intent != "affirm" and not when:
        return None
    meant = replace(turn, intent=str(dialogue.offer["intent"]), choice=dialogue.offer)
    return _as_meant(dialogue.with_(offer=None), meant, facts)


def _suggestion_taken(dialogue: Dialogue, turn: Turn, facts: Facts) -> Optional[Outcome]:
    """The answer to "mente du …?"; None where the turn is something else."""
    if not dialogue.suggested or turn.choice is not None:
        return None
    name = taken(dialogue.suggested, turn)
    if name is None and turn.intent == "affirm":
        again = did_you_mean(dialogue.suggested)
        return Outcome(dialogue, replace(again, parts=(Part("which_did_you_mean"),)))
    done = dialogue.with_(suggested=())
    if name is None and turn.intent == "deny":
        choices = (staff_choice("not_understood"), *edge.capabilities())
        return Outcome(done, Reply((Part("meant_something_else"),), choices))
    if name is None:
        return None
    return _as_meant(done, replace(turn, intent=name), facts)


def _as_meant(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """The turn answered by what its intent, now known, leads to."""
    if turn.member is None and is_personal(turn):
        return unknown_member(dialogue)
    if turn.intent in flows.STARTS:
        return matter(dialogue, turn, facts)
    if turn.intent in several.OWN:
        return own(dialogue, turn, facts)
    return (staff if turn.intent == "handoff" else question)(dialogue, turn, facts)


def _beside(turn: Turn, facts: Facts) -> tuple[Part, ...]:
    try:
        return own_case.beside(turn, facts)
    except BackendUnavailable:  # the general answer is right without it
        return ()


def _as_piece(turn: Turn) -> Turn:
    """The turn as a bare piece of what was asked for, whatever intent the model gave it."""
    return replace(turn, intent="inform")


def _takes_free_words(dialogue: Dialogue, turn: Turn) -> bool:
    """Asked for the reason, any statement is one; a question is not."""
    flow = dialogue.flow
    return flow is not None and flow.asked == "reason" and not turn.asks


def _kept(dialogue: Dialogue, step: Step) -> Outcome:
    return Outcome(dialogue.with_(flow=step.flow, misses=0), step.reply, step.command)


def _gone_on(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """A step of the matter; one that leaves it where it was ("ja" to "hvorfor?") counts as not understood."""
    step = flows.step(dialogue.flow, turn, facts)
    read = turn.choice is not None or turn.intent == "repeat" or step.command is not None
    if read or not flows.stands_still(dialogue.flow, step.flow):
        return _kept(dialogue, step)
    kept = dialogue.with_(flow=step.flow, misses=dialogue.misses + 1)
    if kept.misses >= edge.MISSES_BEFORE_STAFF:
        return _given_up(kept, turn, facts)
    return Outcome(kept, step.reply)


def _and_back(
    dialogue: Dialogue, reply: Reply, turn: Turn, facts: Facts, asks: bool = False
) -> Outcome:
    """An interruption's reply; with a matter under way, its open question again afterwards."""
    if not asks:
        dialogue = dialogue.with_(misses=0)
    if dialogue.flow is None or dialogue.flow.asked is None:
        return Outcome(dialogue, reply)
    try:
        back = flows.repeat_question(dialogue.flow, turn, facts)
    except BackendUnavailable:  # a general answer needs no records; the matter waits
        return Outcome(dialogue, reply)
    said = reply.then(Reply((Part(f"back_to_{dialogue.flow.name}"),))).then(back.reply)
    return Outcome(dialogue.with_(flow=back.flow), said)
