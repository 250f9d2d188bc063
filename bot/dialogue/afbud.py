"""Afbud: which meeting, why, and in the same go a new time; one change, after one yes."""

from __future__ import annotations

from typing import Any, Sequence

from bot.backend.contract import Format, Meeting
from bot.dialogue import missed
from bot.dialogue.asking import STAFF, Pick, Step, ask, pick, picked
from bot.dialogue.confirming import propose
from bot.dialogue.danish import in_copenhagen, show_meeting, show_time
from bot.dialogue.facts import Facts
from bot.dialogue.jobcenter import not_ours
from bot.dialogue.moves import GiveReason, Repeat, Tell
from bot.dialogue.new_time import format_of, offer, settle_day, take_time
from bot.dialogue.reply import Part
from bot.dialogue.state import Flow
from bot.dialogue.turn import Turn
from bot.dialogue.which_meeting import leftover, none_to_change, settle, upcoming

_REASONS = ("illness", "job_interview", "child_illness", "family", "work", "holiday", "other")


def afbud(flow: Flow, turn: Turn, facts: Facts) -> Step:
    """One turn of an afbud. Raises BackendUnavailable."""
    among = upcoming(facts, turn)
    begun = missed.begun(facts, turn)
    if flow.meeting is None and _is_about_begun(turn, among, begun):
        return missed.missed(Flow(name="missed", at=turn.now), turn, facts)
    if not among:
        return none_to_change(facts)
    known = flow.meeting is not None
    flow = _take_reason(flow, turn)
    found = settle(flow, turn, facts, among)
    if isinstance(found, Step):
        return found
    if found.owner == "jobcenter":
        return not_ours(found, turn, facts, "afbud")
    mentions = turn.wish.times if known and turn.wish else leftover(turn, [found])
    if known and found.id != flow.meeting:  # corrected to another meeting: its day is no wish
        mentions = leftover(turn, among)
    flow = flow.with_(meeting=found.id, kind=found.kind, about=found.start)
    return _ask_next(take_time(flow, turn, mentions), turn, facts, found)


def _is_about_begun(turn: Turn, among: Sequence[Meeting], begun: Sequence[Meeting]) -> bool:
    """The clock decides between afbud and a missed meeting where the words do not."""
    return bool(begun) and (not among or bool(picked(turn, "begun")))


def _take_reason(flow: Flow, turn: Turn) -> Flow:
    chosen = picked(turn, "reason")
    if chosen:
        return flow.with_(reason=str(chosen), note=None, warned=False)
    given = turn.reason
    if given is None and flow.asked == "reason":
        told = turn.first(Tell)
        given = GiveReason("other", told.words) if told and told.words else None
    if given is not None and (flow.reason is None or given.category != "other"):
        same = given.category == flow.reason
        goes_on = flow.asked == "warning" and same and (turn.accepts or turn.begins == "afbud")
        warned = (flow.warned and same) or goes_on
        return flow.with_(reason=given.category, note=given.words, warned=warned)
    if flow.asked == "warning" and (
        picked(turn, "go_on") or turn.accepts or turn.begins == "afbud"
    ):
        return flow.with_(warned=True)
    return flow


def _ask_next(flow: Flow, turn: Turn, facts: Facts, meeting: Meeting) -> Step:
    profile = facts.profile
    words = show_meeting(meeting, profile, turn.now)
    if flow.reason is None:
        picks = [
            Pick(Part(f"choice_reason_{name}"), {"reason": name})
            for name in _REASONS if name in profile.reasons
        ]  # fmt: skip
        again = flow.asked == "reason" and flow.tries > 0
        part = Part("afbud_reason_simply" if again else "afbud_reason", {"meeting": words})
        return ask(
            flow,
            turn,
            "reason",
            [part],
            [*picks, pick("choice_only_move", "reschedule_meeting", start=True)],
        )
    if not profile.reason(flow.reason).named and not flow.warned:
        named = [reason.name for reason in profile.reasons.values() if reason.named]
        warning = Part("afbud_warning", {"meeting": words, "named": named})
        shortly = flow.asked == "warning" and not turn.has(Repeat)
        parts = [Part("afbud_warning_again") if shortly else warning]
        picks = [pick("choice_go_on", "affirm", go_on=True), STAFF, pick("choice_keep", "stop")]
        return ask(flow, turn, "warning", parts, picks)
    ambiguous = settle_day(flow, turn, facts)
    if ambiguous is not None:
        return ambiguous
    if flow.chosen is None and not flow.without_new_time:
        intro = [Part("afbud_noted", {"meeting": words})] if flow.asked != "time" else []
        prevented = in_copenhagen(meeting.start).date()
        step = offer(flow, turn, facts, intro, prevented, meeting.format)
        if step.flow is None or step.flow.chosen is None:
            return step
        flow = step.flow
    return _confirm(flow, turn, facts, meeting)


def _confirm(flow: Flow, turn: Turn, facts: Facts, meeting: Meeting) -> Step:
    words = show_meeting(meeting, facts.profile, turn.now)
    body: dict[str, Any] = {"reason": flow.reason}
    if flow.note and not facts.profile.reason(flow.reason or "other").named:
        body["note"] = flow.note
    if flow.chosen is None:
        parts = [Part("afbud_confirm_alone", {"meeting": words})]
        others = [pick("choice_find_time", away="later")] if flow.offered else []
        return propose(flow, turn, facts, "afbud", meeting.id, body, parts, others)
    format = format_for(flow, meeting)
    body |= {"new_time": flow.chosen.id, "new_format": format}
    new = show_time(flow.chosen, meeting.kind, format, facts.profile, turn.now)
    parts = [Part("afbud_confirm", {"meeting": words, "new": new})]
    return propose(flow, turn, facts, "afbud", meeting.id, body, parts, other_picks(flow, format))


def format_for(flow: Flow, meeting: Meeting) -> Format:
    """The new time's format: as wished, else as the meeting had it, else what the time has."""
    assert flow.chosen is not None
    return format_of(flow, flow.chosen, meeting.format)


def other_picks(flow: Flow, format: Format) -> list[Pick]:
    """Beside yes and no: the other format where the time has it, and another time."""
    assert flow.chosen is not None
    picks = [pick(f"choice_{f}", format=f) for f in flow.chosen.formats if f != format]
    return [*picks, pick("choice_another_time", away="other_day")]
