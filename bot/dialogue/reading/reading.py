"""`(evidence, where it stands) -> moves`: what a message does in the conversation in which it was written.

What is usage is scored by the model (`bot.nlu.moves`, `made.py`); what is exact is read here: which of the
shown things (`table.py`), which topic a question is about (`asked.py`), and the pieces of each move.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator, Mapping, Optional, cast

from bot.backend.contract import Format
from bot.dialogue.matters import OWN, STARTS, SUGGESTABLE
from bot.dialogue.moves import (
    Accept,
    Ask,
    Begin,
    Complain,
    GiveReason,
    Keep,
    Leave,
    Mean,
    Move,
    NoNewTime,
    Person,
    Refuse,
    Repeat,
    Social,
    Tell,
    TimeMention,
    Unclear,
    Undo,
    WishFor,
)
from bot.dialogue.reading.asked import MATTERS, Asked, Topics
from bot.dialogue.reading.evidence import Evidence
from bot.dialogue.reading.exact import exact_words
from bot.dialogue.reading.listening import listener
from bot.dialogue.reading.made import HINTED, LIKELY, PLAIN
from bot.dialogue.reading.standing import standing
from bot.dialogue.state import Dialogue, FlowName
from bot.dialogue.turn import Turn

_SMALL = {"thanks": "thanks", "greet": "greet", "bye": "goodbye"}
_MASKED_CPR = "XXXXXX-XXXX"
_MOST_WORDS = 500


def read(evidence: Evidence, dialogue: Dialogue, topics: Topics) -> Turn:
    """The member's turn."""
    where = standing(dialogue, evidence.waiting)
    turn = Turn(
        message_id=evidence.message_id,
        now=evidence.now,
        member=evidence.member,
        verified=evidence.verified,
        waiting=evidence.waiting,
        channel=evidence.channel,
        nearest=next(
            (name for name, _ in evidence.ranking if name != "nlu_fallback"), evidence.intent
        ),
    )
    if evidence.choice is not None:
        return replace(turn, choice=evidence.choice, moves=pressed(evidence.choice))
    heard = listener().listen(evidence.text)
    english = exact_words().english(evidence.text)
    reader = _Reader(evidence, dialogue, where, topics)
    return replace(
        turn,
        moves=tuple(reader.moves()),
        choice=reader.choice,
        mood=heard.mood,
        whose=heard.whose,
        masked_cpr=_MASKED_CPR in evidence.text,
        questioning=evidence.asks,
        new_job=exact_words().new_job(evidence.text),
        english=dialogue.english if english is None else english,
    )


def pressed(choice: Mapping[str, Any]) -> tuple[Move, ...]:
    """What a pressed choice does, by the intent that it stands for; a piece of an answer is in the choice."""
    intent = str(choice["intent"])
    plain: dict[str, Move] = {
        "affirm": Accept(), "deny": Refuse(), "stop": Leave(), "handoff": Person(), "repeat": Repeat(),
        "undo": Undo(),
    }  # fmt: skip
    if intent in plain:
        return (plain[intent],)
    if intent in STARTS:
        return (Begin(STARTS[intent]),)
    if intent in OWN:
        return (Ask(OWN[intent]),)
    return () if intent == "inform" else (Ask(intent),)


class _Reader(Asked):
    """One message on its way to moves."""

    def moves(self) -> Iterator[Move]:
        """The moves, in the order in which flows and answers deal with them."""
        leaning = self._leaning()
        if leaning is not None:
            yield Ask(leaning)
            return
        acts, asked = list(self._acts()), list(self._asked())
        found = [*acts, *(asked or self._passed_over(acts)), *self._said()]
        if not [move for move in found if not isinstance(move, (Social, Tell))]:
            found = [*self._about_own(), *found]
        if not found and self.choice is None:
            found.append(Unclear(self._nearest()))
        yield from found

    def _acts(self) -> Iterator[Move]:
        picked = self.choice or {}
        if picked and picked.get("intent") != "inform":
            yield from pressed(picked)
        elif self.has("accept") or (picked and self.has("pick")):
            yield Accept()
        if self.has("refuse"):
            yield Refuse()
        yield from self._begun()
        wish = self._wish(picked)
        if wish is not None:
            yield wish
        if self.has("no_new_time"):
            yield NoNewTime()
        reason = self._reason()
        if reason is not None:
            yield reason
        meant = self._meant()
        if meant is not None:
            yield meant
        for label, move in (("keep", Keep()), ("leave", Leave()), ("undo", Undo()), ("person", Person()),
                            ("repeat", Repeat())):  # fmt: skip
            if self.has(label):
                yield cast(Move, move)
        looking = self.where.flow in ("afbud", "move") and self.has("begin format")
        if looking and not self.has("keep") and self.exact.this_one(self.text):
            yield Keep()  # the meeting at hand, not the new time that is looked for

    def _begun(self) -> Iterator[Begin]:
        begun = [matter for matter in MATTERS if self.has(f"begin {matter}")]
        begun.sort(key=lambda matter: -self.likely(f"begin {matter}"))
        if "move" in begun and self.evidence.reasons and self._is_prevented():
            yield Begin("afbud")
            begun = [matter for matter in begun if matter not in ("afbud", "move")]
        unsure = self.likely("begin afbud") - self.likely("begin move")
        both = min(self.likely("begin afbud"), self.likely("begin move")) >= LIKELY
        both = both and bool(set(begun) & {"afbud", "move"})
        if both and abs(unsure) < 0.3 and self.where.flow not in ("afbud", "move"):
            first: tuple[FlowName, FlowName] = (
                ("afbud", "move") if unsure >= 0 else ("move", "afbud")
            )
            yield Begin(first[0], or_else=first[1])
            begun = [matter for matter in begun if matter not in first]
        elif "afbud" in begun and "move" in begun:
            begun.remove("move" if unsure >= 0 else "afbud")
        if set(begun) & {"move", "afbud", "book"} and "format" in begun:
            begun.remove("format")  # how the new time is to be held, and no matter of its own
        yield from (Begin(matter) for matter in begun)

    def _is_prevented(self) -> bool:
        """Whether it is said that the member can't come, and not only that another time is wanted."""
        rankings = [self.evidence.ranking, *(clause.ranking for clause in self.evidence.clauses)]
        return any(
            name == "afbud" and chance >= PLAIN
            for ranking in rankings
            for name, chance in ranking[:1]
        )

    def _wish(self, picked: Mapping[str, Any]) -> Optional[WishFor]:
        open_for_it = self.where.open in ("time", "confirm", "which_day")
        only_asks = self.has("ask table", "ask own", "ask faq", "ask beyond") and not self.has(
            "wish", "refuse", "pick", "accept"
        )
        format = self._format()
        named = bool(self.mentions) or bool(self.exact.weekdays(self.text))
        begun = self.has("begin move", "begin book") or (
            self.has("begin afbud") and self.exact.instead(self.text)
        )
        said_so = self.likely("wish") >= HINTED or self.exact.instead(self.text)
        said_so = said_so or any(mention.denied for mention in self.mentions)
        wished = self.has("wish") or (begun and named and said_so) or (
            open_for_it and bool(self.mentions) and not only_asks
            and not self.has("tell", "this", "begin afbud", "reason", "keep")
        )  # fmt: skip
        if picked and format:
            return WishFor(format=format)  # the time that is taken, and how it is to be held
        if picked or only_asks or not (wished or format or self.has("refuse")):
            return None
        direction = self.exact.direction(self.text) if open_for_it else None
        found = WishFor(
            times=self._to_come() if wished else (),
            direction=direction,
            relations=self.exact.relations(self.text) if wished else (),
            format=format,
            order=self.exact.order(self.text) if wished else None,
            weekdays=self.exact.weekdays(self.text) if wished else (),
        )
        if found.relations:
            found = replace(found, direction=None)
        empty = WishFor()
        return found if found != empty else (empty if self.has("wish") else None)

    def _to_come(self) -> tuple[TimeMention, ...]:
        """The times that are not past: what was, is only told."""
        now = self.evidence.now
        return tuple(m for m in self.mentions if m.end is None or not m.dated or m.end > now)

    def _format(self) -> Optional[Format]:
        """The format wished; of several the last one ("ikke i lokalafdelingen, men digitalt")."""
        formats = self._formats()
        if formats and self.has("accept") and formats[-1] == _proposed_format(self.dialogue):
            return None
        wanted = self.has(
            "wish", "begin format", "begin book", "begin move", "begin afbud", "refuse", "pick", "accept"
        )  # fmt: skip
        return formats[-1] if formats and wanted else None

    def _formats(self) -> tuple[Format, ...]:
        """The formats named, without those that are not wanted ("i stedet for på skærm")."""
        given, places = self.evidence.formats, self.evidence.format_places
        if len(given) < 2 or len(places) != len(given):
            return given
        denied = self.exact.denied(self.text, places)
        return tuple(one for one, under in zip(given, denied, strict=True) if not under) or given

    def _reason(self) -> Optional[GiveReason]:
        words = self.text[:_MOST_WORDS]
        if self.choice is not None and self.choice.get("reason"):
            return None  # the choice says it
        named = self.evidence.reasons
        asked = self.where.open == "reason"
        if named and (self.has("reason", "begin afbud", "begin missed") or asked):
            return GiveReason(named[0], words)
        if asked and self.has("reason"):
            return GiveReason("other", words)
        return None

    def _meant(self) -> Optional[Mean]:
        plainly = self.has("this") or self.where.open == "meeting"
        wanted = plainly or self.has(
            *(f"begin {matter}" for matter in MATTERS), "keep", "undo", "ask own", "reason", "no_new_time"
        )  # fmt: skip
        kinds = self.evidence.kinds
        ours = self.exact.ours(self.text)
        names = self.exact.names(self.text)
        named = bool(self.mentions or kinds or ours or names)
        if not wanted or not (named or self.has("this")):
            return None
        return Mean(self.mentions, kinds, ours, names, plainly)

    def _said(self) -> Iterator[Move]:
        for label, kind in _SMALL.items():
            if self.has(label):
                yield Social(cast(Any, kind))
        if self.has("complain"):
            yield Complain()
        if self.has("tell"):
            yield Tell(self.text[:_MOST_WORDS])

    def _nearest(self) -> tuple[str, ...]:
        """The likeliest things that the member can have wanted; with a reason named, an afbud first."""
        named = [name for name, _ in self.evidence.ranking if name in SUGGESTABLE]
        if self.evidence.reasons and not self.evidence.asks:
            named.insert(0, "missed_meeting" if self.evidence.reasons[0] == "forgot" else "afbud")
        return tuple(dict.fromkeys(named))


def _proposed_format(dialogue: Dialogue) -> Optional[str]:
    flow = dialogue.flow
    if flow is None or flow.asked != "confirm" or flow.proposal is None:
        return None
    body = flow.proposal.command.body
    format = body.get("new_format") or body.get("format")
    return str(format) if format else None
