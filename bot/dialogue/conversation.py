"""The whole dialogue: `(dialogue, turn, facts) -> Outcome`, whatever the turn is about.

A turn may hold several moves, and all of them are dealt with: what acts on a matter is done, what is asked
is answered beside it, what must wait is kept and said so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.backend.contract import Change
from bot.dialogue import (
    edge,
    flows,
    missed,
    nothing_open,
    questions,
    receipts,
    small_talk,
    tone,
    under_way,
)
from bot.dialogue.asking import Step, picked, staff_choice, start
from bot.dialogue.facts import Facts
from bot.dialogue.matters import OWN, STARTS
from bot.dialogue.moves import (
    Accept,
    Ask,
    Begin,
    Complain,
    GiveReason,
    Keep,
    Leave,
    Mean,
    NoNewTime,
    Person,
    Refuse,
    Repeat,
    Tell,
    Unclear,
    Undo,
    WishFor,
)
from bot.dialogue.reply import Outcome, Part, Reply, say
from bot.dialogue.spoken import Spoken
from bot.dialogue.state import Command, Dialogue
from bot.dialogue.turn import Turn

_STEPS = (
    Accept, Refuse, WishFor, NoNewTime, GiveReason, Begin, Keep, Leave, Undo, Mean,
)  # fmt: skip

_PERSONAL = (WishFor, NoNewTime, GiveReason, Begin, Keep, Undo)


def play(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """One turn. Raises BackendUnavailable where the records are needed and can't be read."""
    if turn.mood == "crisis":
        return Outcome(Dialogue(felt="crisis"), edge.crisis(turn, dialogue.flow, facts))
    dialogue = dialogue.with_(english=turn.english)
    if turn.english:
        in_english = small_talk.in_english(dialogue, turn, facts)
        if in_english is not None:
            return _kept(dialogue, in_english)
    turn = _taking_the_offer(dialogue, turn)
    if turn.whose == "somebody" and turn.has(Begin, Ask) and not turn.reason:
        return _kept(
            dialogue, questions.and_back(dialogue, tone.about_somebody_else(), turn, facts)
        )
    outcome = _acted(dialogue, turn, facts)
    return _kept(dialogue, tone.opened(outcome, turn))


def _acted(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    if turn.new_job and "new_job" not in dialogue.told and not turn.waiting:
        return _new_job(dialogue, turn)
    if _is_contact(dialogue, turn, facts):
        return _contact(dialogue, turn, facts)
    if turn.has(Person):
        return small_talk.to_staff(dialogue, turn, facts)
    if turn.has(Repeat) and not turn.has(*_STEPS):
        return small_talk.repeated(dialogue, turn, facts)
    if under_way.in_a_matter(dialogue) and (turn.has(*_STEPS, Tell) or _presses_a_piece(turn)):
        return under_way.gone_on(dialogue, turn, facts)
    if turn.choice is not None and not turn.moves:
        return Outcome(dialogue, flows.stray_choice().reply)
    if turn.has(*_STEPS):
        return nothing_open.begun_or_said(dialogue, turn, facts)
    if turn.asks:
        return questions.answered(dialogue, turn, facts)
    return small_talk.only_said(dialogue, turn, facts)


def _new_job(dialogue: Dialogue, turn: Turn) -> Outcome:
    """Work begins: the page says nothing of who is no longer out of work, so a person is offered first."""
    staff = staff_choice("reason_to_assess")
    told = (*dialogue.told, "new_job")
    return Outcome(
        dialogue.with_(told=told, flow=None, was="answered"),
        Reply((Part("new_job"),), (staff, start("choice_give_afbud", "afbud")), yes=staff.payload),
    )


def _is_contact(dialogue: Dialogue, turn: Turn, facts: Facts) -> bool:
    """Whether a member who stayed away from one meeting now writes about it, in whatever tone.

    It counts from the first message (F19), so it is not left to the words to say so plainly.
    """
    if (
        turn.member is None
        or turn.choice is not None
        or under_way.in_a_matter(dialogue)
        or turn.has(Begin)
    ):
        return False
    about = {ask.about for ask in turn.asks} & _ABOUT_STAYING_AWAY
    if not about and not turn.has(Complain, Tell, Unclear, GiveReason, Person):
        return False
    return len(missed.begun(facts, turn)) == 1


_ABOUT_STAYING_AWAY = frozenset(
    {
        "faq_no_show",
        "faq_invalid_absence",
        "faq_valid_absence",
        "faq_how_to_afbud",
        "faq_duty_to_attend",
    }
)


def _asked_beside(dialogue: Dialogue, turn: Turn, facts: Facts) -> tuple[Reply, ...]:
    """Answers beside the contact; what to do now is said by the contact's own reply."""
    known = [ask for ask in turn.asks if ask.about not in ("unknown", "out_of_scope", "more")]
    others = [move for move in turn.moves if not isinstance(move, Ask)]
    asked = replace(turn, moves=(*others, *known))
    return questions.answers(dialogue, asked, facts, "missed")


def _contact(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    step = flows.step(None, replace(turn, moves=(Begin("missed"), *turn.moves)), facts)
    dialogue = dialogue.with_(flow=step.flow)
    return Outcome(dialogue, step.reply, step.command, _asked_beside(dialogue, turn, facts))


def _presses_a_piece(turn: Turn) -> bool:
    return turn.choice is not None and not picked(turn, "start")


def _taking_the_offer(dialogue: Dialogue, turn: Turn) -> Turn:
    """A yes, or a wish, to what the last reply offered begins just that."""
    offer = dialogue.offer
    if offer is None or turn.choice is not None:
        return turn
    intent = str(offer["intent"])
    wish = (
        turn.has(WishFor)
        and intent in STARTS
        and not turn.refuses
        and not under_way.in_a_matter(dialogue)
    )
    if not (turn.accepts or wish) or turn.has(Begin, Person):
        return turn
    if intent == "handoff" and (turn.asks or turn.refuses):
        return turn  # "ok, men …?" wants an answer, not a person
    kept = [move for move in turn.moves if not isinstance(move, (Accept, Tell))]
    taken: Any = Person() if intent == "handoff" else Ask(intent)
    if intent in STARTS:
        taken = Begin(STARTS[intent])
    elif intent in OWN:
        taken = Ask(OWN[intent])
    return replace(turn, moves=(taken, *kept), choice=offer)


def conclude(
    dialogue: Dialogue, command: Command, result: Change, turn: Turn, facts: Facts
) -> Outcome:
    """The back end carried the command out: the receipt; then what waits is taken up."""
    assert dialogue.flow is not None
    step = receipts.done(dialogue.flow, command, result, turn, facts)
    if turn.has(Person) and not turn.waiting:  # who wants a person as well is handed over with it
        step = Step(None, step.reply.then(small_talk.to_staff(dialogue, turn, facts).reply))
    receipt = receipts.kept(dialogue.flow, command, result)
    dialogue = dialogue.with_(receipt=receipt, misses=0, staff_offered=False)
    outcome = under_way.next_matter(dialogue.with_(flow=None, was="done"), step.reply, turn, facts)
    if outcome.command is not None:  # only what is asked about first is taken up by itself
        outcome = Outcome(dialogue.with_(flow=None, was="done", later=()), step.reply)
    return _kept(dialogue, tone.opened(outcome, turn))


def conclude_refused(dialogue: Dialogue, code: str, turn: Turn, facts: Facts) -> Outcome:
    """The back end refused the command: nothing was changed."""
    assert dialogue.flow is not None
    step = receipts.refused(dialogue.flow, code, turn, facts)
    return _kept(
        dialogue, Outcome(dialogue.with_(flow=step.flow, was="refused"), step.reply, step.command)
    )


def conclude_unavailable(dialogue: Dialogue, maybe_done: bool, turn: Turn, facts: Facts) -> Outcome:
    """The back end did not answer the command: the proposal stays for another try."""
    assert dialogue.flow is not None
    step = receipts.unavailable(dialogue.flow, maybe_done, turn, facts)
    return _kept(dialogue, Outcome(dialogue.with_(flow=step.flow), step.reply, step.command))


def unknown_member(dialogue: Dialogue) -> Outcome:
    """Something personal was asked, and it is not known who writes."""
    return Outcome(dialogue, edge.who_are_you())


def is_personal(dialogue: Dialogue, turn: Turn) -> bool:
    """Whether the turn begins or asks something that is the member's own."""
    if turn.english:
        return False  # nothing of the member's own is said in English
    turn = _taking_the_offer(dialogue, turn)
    return turn.has(*_PERSONAL) or any(ask.about in questions.OWN_TOPICS for ask in turn.asks[:1])


def backend_down(dialogue: Dialogue, facts: Facts) -> Outcome:
    """The records can't be read now: nothing was changed, and the matter stays where it was."""
    return Outcome(dialogue, say("backend_down", support=facts.profile.support))


def in_other_words(dialogue: Dialogue, outcome: Outcome, waiting: bool = False) -> Outcome:
    """Instead of a reply that would stand there twice in a row with the same words.

    `waiting`: staff have the conversation in their queue, and are not offered again.
    """
    flow = outcome.dialogue.flow
    choices = outcome.reply.choices
    if waiting:
        return replace(outcome, reply=say("staff_has_it_already"))
    if flow is not None and flow.asked is not None:
        asked = "yes_or_no" if flow.asked == "confirm" else flow.asked
        keys = (f"simply_{asked}", f"simply_{asked}_again")
        key = keys[1] if keys[0] in dialogue.told[-1:] else keys[0]
        told = (*outcome.dialogue.told, key)
        return replace(
            outcome,
            dialogue=outcome.dialogue.with_(told=told[-8:]),
            reply=Reply((Part(key),), choices),
        )
    staff = staff_choice("not_understood")
    firm = next((p for p in outcome.reply.parts if p.key.startswith("jobcenter_")), None)
    if firm is not None and outcome.reply.parts == (firm,):
        again = Part("jobcenter_again", {"systems": firm.values["systems"]})
        return replace(outcome, reply=Reply((again,), (staff_choice(),)))
    key = "said_already_again" if "said_already" in dialogue.told[-1:] else "said_already"
    kept = outcome.dialogue.with_(
        told=(*outcome.dialogue.told, key)[-8:], offer=dict(staff.payload)
    )
    return replace(outcome, dialogue=kept, reply=Reply((Part(key),), (staff,), yes=staff.payload))


def _kept(before: Dialogue, outcome: Outcome) -> Outcome:
    """With what the next message is read against: the choices shown, what a bare yes means."""
    reply = outcome.reply
    shown = tuple(dict(choice.payload) for choice in reply.choices)
    if not shown and under_way.in_a_matter(outcome.dialogue):
        shown = before.shown
    yes = dict(reply.yes) if reply.yes is not None else None
    dialogue = outcome.dialogue.with_(shown=shown, offer=yes)
    if dialogue.flow is not None and dialogue.flow.asked is not None:
        dialogue = dialogue.with_(was="asked")
    return replace(outcome, dialogue=dialogue)


def as_shown(dialogue: Dialogue, spoken: Spoken) -> Dialogue:
    """The dialogue with the choices that the member really sees, in their order.

    An answer that puts a person first offers one: a bare yes to it takes that.
    """
    shown = tuple(dict(choice.payload) for choice in spoken.choices)
    if not shown and under_way.in_a_matter(dialogue):
        shown = dialogue.shown  # the question is still open, and what it showed stands above
    offer = dialogue.offer
    if (
        offer is None
        and dialogue.was == "answered"
        and shown
        and not under_way.in_a_matter(dialogue)
    ):
        offer = shown[0] if shown[0].get("intent") == "handoff" else None
    return dialogue.with_(shown=shown, offer=offer)
