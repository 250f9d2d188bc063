"""What a message asks, and about what."""

from __future__ import annotations

from typing import Iterator, Optional, Protocol, Sequence, get_args

from bot.dialogue.matters import OWN, STARTS, SUGGESTABLE
from bot.dialogue.moves import (
    Ask,
    Move,
)
from bot.dialogue.reading.evidence import Clause, Evidence
from bot.dialogue.reading.made import CLEAR, SURE
from bot.dialogue.reading.standing import Standing
from bot.dialogue.reading.table import OnTheTable
from bot.dialogue.state import Dialogue, FlowName

PRACTICAL = frozenset({"beyond/link", "beyond/bring", "beyond/company"})
"""Subjects whose words say so plainly what is asked that no likelihood is asked first."""
TOPIC = 0.3
"""So likely must a topic be that a question is answered by it."""
MATTERS: tuple[FlowName, ...] = get_args(FlowName)
_ACTS = (*(f"begin {matter}" for matter in MATTERS), "person")


class Topics(Protocol):
    """What the answers of one a-kasse know about the subjects of questions (`bot.dialogue.answers`)."""

    def in_context(self, last: Optional[str], text: str) -> Optional[str]:
        """The topic of a question that leans on the answer before it; None: it does not."""
        ...

    def beyond(self, text: str) -> str:
        """The topic for what lies beyond the assistant."""
        ...


class Asked(OnTheTable):
    """One message, with what it asks."""

    def __init__(
        self, evidence: Evidence, dialogue: Dialogue, where: Standing, topics: Topics
    ) -> None:
        super().__init__(evidence, dialogue, where)
        self.topics = topics

    def _leaning(self) -> Optional[str]:
        """A question that leans on the answer before it ("og digitalt?")."""
        if self.evidence.questions or (
            self.where.flow is not None and self.has("accept", "pick", "refuse")
        ):
            return None
        return self.topics.in_context(self.dialogue.topic, self.text)

    def _asked(self) -> Iterator[Ask]:
        if self.where.waiting and self._about_the_queue():
            yield Ask("queue")
            return
        if self.evidence.asks and self.exact.more_to_do(self.text):
            yield Ask("more")
            return
        if self._only_what_now() and self.has(*_ACTS):
            return
        yield from self._asked_plainly()
        several = [each for each in self.evidence.questions if not self._is_act(each)]
        if several and self.has("ask own", "ask faq", "ask beyond"):
            yield from (
                self._about(name, clause) for clause in several for name, _ in clause.ranking[:1]
            )
            return
        wishes = self.has("wish") and self.where.open in ("time", "confirm")
        if self.has("ask own") and not wishes:
            name = self._likeliest(tuple(OWN))
            yield self._about(name or "ask_next_meeting", self._asking())
        if self.has("ask faq", "ask beyond") and self._is_the_request():
            return
        practical = self._practical()
        if practical is not None:
            yield Ask(practical)
            return
        if self.has("ask faq"):
            name = self._likeliest(tuple(n for n in SUGGESTABLE if n.startswith("faq")), TOPIC)
            if name is not None:
                yield Ask(name)
            elif not self.has("ask own", "ask table"):
                yield Ask(self.topics.beyond(self.text))
        if self.has("ask beyond"):
            yield Ask(self.topics.beyond(self.text))

    def _practical(self) -> Optional[str]:
        """A practical question that the page does not answer, by its plain words ("hvor er linket")."""
        if not (self.has("ask faq", "ask own", "ask beyond", "ask table") or self.evidence.asks):
            return None
        topic = self.topics.beyond(self.text)
        return topic if topic in PRACTICAL else None

    def _asked_plainly(self) -> Iterator[Ask]:
        if self.has("ask table"):
            yield Ask("table", self.exact.aspect(self.text))
        plain = (
            ("ask queue", "queue"),
            ("ask can", "ask_capabilities"),
            ("ask human", "bot_challenge"),
        )
        yield from (Ask(topic) for label, topic in plain if self.has(label))

    def _is_the_request(self) -> bool:
        """Whether what has a question's form is the matter itself ("kan I komme med på jobcenteret?")."""
        if not self.has(*_ACTS):
            return False
        asking = [clause for clause in self.evidence.clauses if clause.asks]
        if not asking:
            return True
        tops = [clause.ranking[0] for clause in asking if clause.ranking]
        return all(
            name in STARTS or name in ("handoff", "inform") or sure < 0.5 for name, sure in tops
        )

    def _passed_over(self, acts: Sequence[Move]) -> Iterator[Ask]:
        """A question beside what is done, that nothing was made of: it is at least spoken of."""
        if not acts or self.has("person", "begin missed"):
            return  # what to do now is what the receipt of the contact says
        for clause in self.evidence.clauses:
            words = self.text[clause.start : clause.end]
            if not words.rstrip().endswith("?") or not clause.ranking:
                continue
            if self.exact.what_now(words):
                continue
            name, chance = clause.ranking[0]
            if name in STARTS or name in ("inform", "affirm", "deny", "handoff", "thanks"):
                continue
            known = chance >= SURE and name != "out_of_scope"
            yield self._about(name, clause) if known else Ask("unknown")
            return

    def _only_what_now(self) -> bool:
        """Whether the message asks only what to do now: what is begun in the same message is the answer."""
        asking = [
            self.text[clause.start : clause.end] for clause in self.evidence.clauses if clause.asks
        ]
        return bool(asking) and all(map(self.exact.what_now, asking))

    def _about_own(self) -> Iterator[Ask]:
        """A question that names a day, a kind or a format of meeting, and no more: about the member's own."""
        named = self.mentions or self.evidence.kinds or self.evidence.formats
        asks = self.evidence.asks or self.exact.tagged(self.text)
        if named and asks and self.where.open in ("nothing", "offer", "choices"):
            yield Ask("next", self.exact.aspect(self.text), self.mentions, self.evidence.kinds)

    def _about_the_queue(self) -> bool:
        """Whether somebody who waits for staff asks how long that takes."""
        if not (self.evidence.asks or self.has("ask queue")) or self.has("ask faq"):
            return False
        return self.has("ask queue") or self.exact.queue(self.text)

    def _about(self, name: str, clause: Optional[Clause]) -> Ask:
        words = self.text[clause.start : clause.end] if clause else self.text
        if name in OWN:
            return Ask(OWN[name], self.exact.aspect(words), self.mentions, self.evidence.kinds)
        return Ask(self.topics.beyond(words) if name == "out_of_scope" else name)

    @staticmethod
    def _is_act(clause: Clause) -> bool:
        name = clause.ranking[0][0]
        return name in STARTS or name == "handoff"

    def _asking(self) -> Optional[Clause]:
        asking = [clause for clause in self.evidence.clauses if clause.asks]
        return asking[-1] if asking else None

    def _likeliest(self, names: Sequence[str], least: float = 0.0) -> Optional[str]:
        """The likeliest of the intents, in the clause that asks where one of several does."""
        asking = self._asking()
        several = asking is not None and len(self.evidence.clauses) > 1
        clause = asking.ranking if several and asking is not None else ()
        # A clause alone has lost what it leans on: it counts where it is plainly about something.
        for ranking, bound in (
            (self.evidence.ranking, SURE),
            (clause, CLEAR),
            (self.evidence.ranking, least),
        ):
            for name, chance in ranking:
                if name in names and chance >= max(bound, least):
                    return name
        return None
