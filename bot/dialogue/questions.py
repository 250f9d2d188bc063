"""Questions: each is answered, by where the member stands, and a matter under way is gone on with."""

from __future__ import annotations

from dataclasses import replace
from typing import Mapping, Optional

from bot.backend.failures import BackendUnavailable
from bot.dialogue import (
    edge,
    flows,
    on_the_table,
    own_case,
    under_way,
)
from bot.dialogue.asking import staff_choice
from bot.dialogue.facts import Facts
from bot.dialogue.matters import OWN
from bot.dialogue.moves import (
    Ask,
)
from bot.dialogue.reply import Choice, Outcome, Part, Reply, say
from bot.dialogue.state import Dialogue, Last
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import upcoming

OWN_TOPICS = frozenset(OWN.values())


def answered(dialogue: Dialogue, turn: Turn, facts: Facts) -> Outcome:
    """Questions alone; a matter under way is gone on with afterwards, its question shortly again."""
    first, *others = answers(dialogue, turn, facts)
    was: Last = "own" if turn.asks[0].about in OWN_TOPICS else "answered"
    beyond = turn.asks[0].about == "out_of_scope" or turn.asks[0].about.startswith("beyond/")
    misses = dialogue.misses + 1 if beyond and not others and not turn.waiting else 0
    if (
        misses >= edge.MISSES_BEFORE_STAFF
        and not dialogue.staff_offered
        and not under_way.in_a_matter(dialogue)
    ):
        first = _with_staff_offered(first)
        dialogue = dialogue.with_(staff_offered=True)
    dialogue = dialogue.with_(misses=misses, was=was)
    outcome = and_back(dialogue, first, turn, facts, asks=beyond)
    return replace(outcome, beside=tuple(others))


def _with_staff_offered(reply: Reply) -> Reply:
    staff = staff_choice("not_understood")
    return replace(reply, choices=(staff,), yes=staff.payload)


def answers(
    dialogue: Dialogue,
    turn: Turn,
    facts: Facts,
    begun: Optional[str] = None,
    beside_an_act: bool = False,
) -> tuple[Reply, ...]:
    """What each question is answered with.

    `begun`: a matter taken up now answers some of them itself. `beside_an_act`: something is done in the same
    turn; what the bot knows nothing of is then only spoken of.
    """
    found: list[Reply] = []
    for ask in turn.asks:
        if begun is not None and (
            ask.about in OWN_TOPICS or ask.about in _ANSWERED_BY.get(begun, ())
        ):
            continue
        if beside_an_act and ask.about == "out_of_scope":
            ask = Ask("unknown")
        reply = answer(ask, dialogue, turn, facts)
        if reply not in found:
            found.append(reply)
    return tuple(found)


_ANSWERED_BY: Mapping[str, frozenset[str]] = {
    "afbud": frozenset({"faq_how_to_afbud", "faq_book_jobcenter", "table"}),
    "book": frozenset(
        {
            "faq_book_akasse",
            "faq_no_free_time",
            "faq_how_to_afbud",
            "faq_booking_deadline",
            "table",
        }
    ),
    "move": frozenset({"faq_book_akasse", "faq_book_jobcenter", "faq_how_to_afbud", "table"}),
    "format": frozenset({"faq_digital_meetings", "table"}),
    "participation": frozenset({"faq_akasse_at_jobcenter", "table"}),
    "missed": frozenset({"faq_no_show", "faq_invalid_absence", "faq_how_to_afbud", "table"}),
}
"""Questions that taking up the matter answers ("jeg er syg i morgen. Hvordan melder jeg afbud?")."""


_MONEY = frozenset({"faq_no_show", "faq_invalid_absence", "faq_valid_absence"})
"""Questions about consequences: what they are is a matter of where the member stands."""


def _in_this_situation(topic: str, dialogue: Dialogue, turn: Turn, facts: Facts) -> str:
    """The topic that a question about consequences is about: no free time in time is no afbud."""
    if topic not in _MONEY or not turn.verified:
        return topic
    if dialogue.flow is not None and dialogue.flow.name in ("afbud", "move"):
        return topic
    try:
        course, coming = facts.course(), upcoming(facts, turn)
        stayed_away = [m for m in facts.meetings() if m.status == "missed" or m.contact is not None]
    except BackendUnavailable:
        return topic
    to_book = course.next is not None and facts.profile.kind(course.next.kind).booked_by == "member"
    ours = [meeting for meeting in coming if meeting.owner == "akasse"]
    looked = dialogue.flow is not None and dialogue.flow.name == "book"
    looked = (
        looked or turn.waiting or dialogue.topic in ("faq_no_free_time", "faq_booking_deadline")
    )
    if stayed_away and not ours and topic != "faq_no_show":
        return "faq_no_show"
    return "faq_no_free_time" if to_book and looked and not ours and not stayed_away else topic


def answer(ask: Ask, dialogue: Dialogue, turn: Turn, facts: Facts) -> Reply:
    ask = replace(ask, about=_in_this_situation(ask.about, dialogue, turn, facts))
    if ask.about == "queue":
        return _queue(turn)
    if ask.about == "more":
        return _more_to_do(dialogue, turn, facts)
    if turn.waiting and (
        ask.about in ("unknown", "out_of_scope") or ask.about.startswith("beyond/")
    ):
        return say("staff_will_read")  # who waits for staff is not sent to staff
    if ask.about == "unknown":
        return say("also_asked")
    if ask.about == "table":
        told = on_the_table.tell(ask, dialogue, turn, facts) if turn.member else None
        if told is not None:
            return told
        ask = Ask("next", ask.aspect, ask.times, ask.kinds)
    if ask.about in OWN_TOPICS:
        return own_case.tell(ask, turn, facts) if turn.member else edge.who_are_you()
    if ask.about == "out_of_scope" or ask.about.startswith("beyond/"):
        return Reply(answer=ask.about, yes=staff_choice().payload)
    if dialogue.flow is None and turn.verified:
        return Reply(_beside(ask.about, turn, facts), answer=ask.about)
    return Reply(answer=ask.about)


def _beside(topic: str, turn: Turn, facts: Facts) -> tuple[Part, ...]:
    try:
        return own_case.beside(topic, turn, facts)
    except BackendUnavailable:  # the general answer is right without it
        return ()


def _more_to_do(dialogue: Dialogue, turn: Turn, facts: Facts) -> Reply:
    """Whether the member is to do more: what is due by the records, else that nothing is."""
    if turn.waiting:
        return say("nothing_more_waiting")
    if turn.member is None:
        return edge.who_are_you()
    if facts.course().next is not None:
        return own_case.tell(Ask("deadline"), turn, facts)
    return say("nothing_more_after" if dialogue.receipt is not None else "nothing_more")


def _queue(turn: Turn) -> Reply:
    if not turn.waiting:
        return replace(
            say("not_in_the_queue"), choices=(staff_choice(),), yes=staff_choice().payload
        )
    return Reply((Part("queue_has_it"),), queue="place")


def in_the_queue() -> Reply:
    leave = Choice(Part("choice_leave_queue"), {"intent": "stop", "queue": "leave", "start": True})
    return replace(say("still_waiting"), choices=(leave,))


def and_back(
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
    again = back.reply
    if (
        dialogue.flow.asked == "confirm"
    ):  # the proposal stands right above; it is not said whole again
        again = replace(again, parts=(Part("confirm_shortly"),))
    said = replace(reply, yes=None).then(Reply((Part(f"back_to_{dialogue.flow.name}"),)))
    return Outcome(dialogue.with_(flow=back.flow), said.then(again))
