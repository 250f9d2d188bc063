"""After the call to the back end: the receipt in words, or what went wrong and what still holds."""

from __future__ import annotations

from bot.backend.contract import Change, Format
from bot.dialogue.asking import Step, staff_choice, start
from bot.dialogue.danish import clock, show_meeting
from bot.dialogue.facts import Facts
from bot.dialogue.flows import FLOWS, repeat_question
from bot.dialogue.reply import Choice, Handover, Part, Reply, say
from bot.dialogue.state import Command, Flow, Receipt
from bot.dialogue.turn import Turn


def done(flow: Flow, command: Command, change: Change, turn: Turn, facts: Facts) -> Step:
    """The back end did it: what, and the receipt. A registered contact goes on to a new time."""
    meeting = show_meeting(change.meeting, facts.profile, turn.now)
    values = {"meeting": meeting, "receipt": change.receipt}
    if command.action == "afbud" and change.replaced is not None:
        old = show_meeting(change.replaced, facts.profile, turn.now)
        parts = (Part("afbud_done", {**values, "old": old}),)
        return Step(None, Reply(parts, calendar=change.meeting.id))
    if command.action == "afbud":
        return Step(
            None,
            Reply((Part("afbud_done_alone", values),), (start("choice_book", "book_meeting"),)),
        )
    if command.action == "move":
        return Step(None, Reply((Part("move_done", values),), calendar=change.meeting.id))
    if command.action == "book":
        return Step(None, Reply((Part("book_done", values),), calendar=change.meeting.id))
    if command.action == "format":
        return Step(None, Reply((Part("format_done", values),), calendar=change.meeting.id))
    if command.action == "participation":
        handover = Handover("participation", 3, (Part("summary_participation", values),))
        return Step(None, Reply((Part("participation_done", values),), handover=handover))
    return _contact_done(change, turn, facts, values)


def kept(flow: Flow, command: Command, change: Change) -> Receipt:
    """What is remembered of a change, to undo it or to be asked about it."""
    moved = command.action in ("move", "afbud") and (command.action == "move" or change.replaced)
    before = change.replaced.start if change.replaced is not None else flow.about
    return Receipt(
        action=command.action,
        meeting=change.meeting.id,
        kind=change.meeting.kind,
        number=change.receipt,
        at=change.at,
        start=change.meeting.start,
        before=before if moved else None,
        format_before=_other(change.meeting.format) if command.action == "format" else None,
    )


def _other(format: Format) -> Format:
    return "digital" if format == "in_person" else "in_person"


def _contact_done(change: Change, turn: Turn, facts: Facts, values: dict[str, object]) -> Step:
    contact = change.meeting.contact
    at = contact.at if contact else turn.now
    parts: tuple[Part, ...] = (
        Part("contact_done", {**values, "clock": clock(at)}),
        Part("contact_in_general"),
    )
    kind = change.meeting.kind
    if change.meeting.owner == "jobcenter":
        parts += (Part("contact_jobcenter", {"systems": facts.profile.systems}),)
        return Step(None, Reply(parts, (staff_choice("missed"),)))
    book = Choice(Part("choice_book_new"), {"intent": "book_meeting", "start": True, "kind": kind})
    return Step(None, Reply(parts, (book, staff_choice("missed")), yes=book.payload))


def refused(flow: Flow, code: str, turn: Turn, facts: Facts) -> Step:
    """The back end said no: nothing was changed; why, and the way on."""
    if code in ("time_taken", "overlap"):
        again = flow.with_(
            proposal=None, chosen=None, offered=(), asked="time", without_new_time=False
        )
        step = repeat_question(again, turn, facts)
        gone = flow.chosen.start if flow.chosen else None
        if step.flow is not None and any(free.start == gone for free in step.flow.offered):
            step = step.after(say("same_time_elsewhere"))
        return step.after(say(f"refused_{code}"))
    support = {"support": facts.profile.support}
    if code == "begun":
        missed = FLOWS["missed"](Flow(name="missed", at=turn.now), turn, facts)
        return missed.after(say("refused_begun"))
    known = ("after_deadline", "not_live", "format_not_allowed", "kind_mismatch", "jobcenter_owned")
    key = f"refused_{code}" if code in known else "refused_other"
    return Step(None, Reply((Part(key, support),), (staff_choice(),)))


def unavailable(flow: Flow, maybe_done: bool, turn: Turn, facts: Facts) -> Step:
    """The back end did not answer. The proposal stays: another yes repeats the very same change."""
    key = "backend_silent" if maybe_done else "backend_down"
    kept = flow.with_(menu=turn.message_id, at=turn.now)
    support = {"support": facts.profile.support}
    retry = Choice(
        Part("choice_try_again"), {"intent": "affirm", "menu": kept.menu, "confirm": True}
    )
    if kept.proposal is None:
        return Step(None, Reply((Part(key, support),), (staff_choice("backend_error"),)))
    return Step(kept, Reply((Part(key, support),), (retry, staff_choice("backend_error"))))
