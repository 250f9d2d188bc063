"""What the desk's pages show, made ready for the templates: names, waits and steps in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Optional

from bot.clock import COPENHAGEN
from bot.desk.cases import Case
from bot.desk.directory import Card
from bot.desk.opening import Opening
from bot.desk.pulse import is_late
from bot.desk.timeline import Entry
from bot.desk.words import WordsFile
from bot.dialogue.danish import clock, short_when, when

_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True)
class Row:
    """A conversation in one of the lists. `waited` is short ("12 min."); `mark` is what stands out."""

    id: str
    title: str
    state: str
    assigned_to: Optional[str]
    reason: str
    urgency: int
    waited: str
    late: bool
    sms: bool
    number: int
    summary: str
    unanswered: str


@dataclass(frozen=True)
class Shower:
    """Words for one rendering of a page."""

    words: WordsFile
    opening: Opening
    now: datetime

    def rows(self, cases: Sequence[Case], cards: Mapping[str, Card]) -> list[Row]:
        """The cases as rows: overdue ones first, then as they came."""
        rows = [self.row(case, cards.get(case.member or "")) for case in cases]
        return sorted(rows, key=lambda row: not row.late)

    def row(self, case: Case, card: Optional[Card]) -> Row:
        """One case."""
        waiting = case.state == "waiting"
        unanswered = case.unanswered_since
        return Row(
            id=case.id,
            title=title_of(case, card),
            state=case.state,
            assigned_to=case.assigned_to,
            reason=self.words.reason(case.reason).title,
            urgency=case.urgency or 2,
            waited=span(case.since, self.now) if waiting else "",
            late=waiting and is_late(self.opening, case.since, self.now),
            sms=case.channel == "sms",
            number=case.number,
            summary=(case.summary or "").split("\n")[0],
            unanswered=span(unanswered, self.now) if unanswered else "",
        )

    def step(self, entry: Entry) -> str:
        """A change of who answers, in words."""
        key = self._step_key(entry)
        why = entry.text
        if key == "queued":
            why = self.words.reason(entry.text).title
        elif key == "closed":
            why = self.words.outcomes.get(entry.text, entry.text)
        return self.words.steps[key].format(who=entry.name or entry.who, why=why)

    def _step_key(self, entry: Entry) -> str:
        if entry.to_state == "waiting":
            return "requeued" if entry.text == "requeued" else "queued"
        if entry.to_state in ("staff", "closed"):
            return "claimed" if entry.to_state == "staff" else "closed"
        if entry.who.startswith("staff:"):
            return "handed_back"
        return "resumed" if entry.text == "wrote" else "left"

    def open_now(self) -> str:
        """Whether members can reach somebody: 'Åbent til kl. 15.30', or when it opens."""
        if self.opening.is_open(self.now):
            hours = self.opening.hours(self.now.astimezone(COPENHAGEN).date())
            return f"Åbent til kl. {clock(hours[1])}" if hours else "Åbent"
        opens = self.opening.next_opening(self.now)
        return "Lukket" if opens is None else f"Lukket · åbner {when(opens, self.now).short}"


def title_of(case: Case, card: Optional[Card]) -> str:
    """Whom the conversation is with, as far as it is known."""
    if card is not None:
        return card.name
    return "Ukendt telefon" if case.member is None else f"Medlem {case.member}"


def span(since: Optional[datetime], now: datetime) -> str:
    """How long ago, short: 'lige nu', '12 min.', '3 t. 5 min.', '2 dage'."""
    if since is None:
        return ""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes == 0:
        return "lige nu"
    if minutes < _HOUR:
        return f"{minutes} min."
    if minutes < _DAY:
        hours, rest = divmod(minutes, _HOUR)
        return f"{hours} t. {rest} min." if rest else f"{hours} t."
    days = minutes // _DAY
    return f"{days} dag" if days == 1 else f"{days} dage"


def local(instant: Optional[datetime]) -> str:
    """Day and clock in Denmark: 'tor 26/11 kl. 10.00'."""
    return "" if instant is None else short_when(instant)
