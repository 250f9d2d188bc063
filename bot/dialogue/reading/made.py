"""Which moves a message makes: what the model scores, and what the intents say where no question is open."""

from __future__ import annotations

from typing import Iterator, Mapping, Optional, Set

from bot.dialogue.matters import OWN, STARTS
from bot.dialogue.reading.evidence import Evidence
from bot.dialogue.reading.exact import exact_words
from bot.dialogue.reading.standing import Standing
from bot.dialogue.state import Dialogue

SURE = 0.4
"""From here a move counts as made: chosen by leaving whole writers of data/dialogues out."""
LIKELY = 0.3
"""From here the likeliest move counts where none is sure, and exact words decide the rest."""
HINTED = 0.2
"""From here the likeliest move counts where there is no other, or where exact words say the same."""
PLAIN = 0.8
"""So sure of its intent, a message that answers nothing means just that."""
CLEAR = 0.6
"""So likely must a yes be that hands the conversation to staff."""
SUPPORTED = 0.1
"""So likely at least must the model find a matter that only one clause of several speaks of."""


class Made:
    """One message, and the moves that it makes by their labels."""

    def __init__(self, evidence: Evidence, dialogue: Dialogue, where: Standing) -> None:
        self.evidence = evidence
        self.dialogue = dialogue
        self.where = where
        self.exact = exact_words()
        self.text = evidence.text
        self.labels = self._labels()

    def likely(self, *labels: str) -> float:
        """How likely the likeliest of the moves is."""
        return max(self.evidence.scores.get(label, 0.0) for label in labels)

    def has(self, *labels: str) -> bool:
        """Whether one of the moves is made."""
        return any(label in self.labels for label in labels)

    def _labels(self) -> frozenset[str]:
        scores = {
            label: score for label, score in self.evidence.scores.items() if self._can_be(label)
        }  # fmt: skip
        sure = {label for label, score in scores.items() if score >= SURE}
        if not sure and scores:
            best = max(scores, key=lambda label: scores[label])
            if scores[best] >= (LIKELY if best.startswith("begin ") else HINTED):
                sure = {best}
        if self.where.offers == "handoff" and scores.get("accept", 0.0) < CLEAR:
            sure -= {"accept"}  # nobody is handed over by half a yes
        if self.where.open in ("nothing", "offer", "choices"):
            sure = self._by_intent_alone(sure, scores)
            sure |= set(self._plainly(sure))
            sure |= set(self._taken_apart(sure))
            if sure and sure <= _COURTESY:
                sure |= set(self._behind_the_courtesy(scores))
        elif self.evidence.asks and self.evidence.ranking and not sure & {"accept", "pick"}:
            name, chance = self.evidence.ranking[0]
            label = "ask beyond" if name == "out_of_scope" else _label_of(name)
            if chance >= PLAIN and label is not None and label.startswith("ask"):
                sure = {one for one in sure if _sort(one) != "ask"} | {label}
        if self.where.flow is None and self._is_coming():
            sure = {label for label in sure if label not in _NOT_COMING} | {"keep"}
        denied = [name for name in ("afbud", "move") if self.exact.not_this_matter(name, self.text)]
        if denied == ["afbud"] and self.exact.instead(self.text):
            sure |= {"begin move"}
        elif denied and not any(_sort(label) == "begin" for label in sure) and "wish" not in sure:
            sure |= {"keep"}
        return frozenset(sure - {"unclear"} if len(sure) > 1 else sure)

    def _is_coming(self) -> bool:
        """Whether it is only said that the member turns up: the same day and hour are in many an afbud."""
        said = self.exact.coming(self.text) and "?" not in self.text
        return said and not self.evidence.reasons

    def _behind_the_courtesy(self, scores: Mapping[str, float]) -> Iterator[str]:
        """What a message is about that seems to do nothing but greet, thank or tell.

        The likeliest intent of a clause, else the likeliest other move; of a question, that it is one.
        """
        if len(self.text.split()) < _SHORT:
            return
        rankings = [self.evidence.ranking, *(clause.ranking for clause in self.evidence.clauses)]
        tops = [(chance, name) for ranking in rankings for name, chance in ranking[:1]]
        for chance, name in sorted(tops, reverse=True):
            label = _label_of(name)
            if chance >= LIKELY + 0.15 and label and label not in _COURTESY | _ANSWERS:
                yield label
                return
        left = {label: score for label, score in scores.items() if label not in _COURTESY}
        best = max(left, key=lambda label: left[label], default=None)
        if best is not None and left[best] >= LIKELY - 0.1:
            yield best
        elif any(clause.asks for clause in self.evidence.clauses) or self.evidence.asks:
            yield "ask beyond"

    def _can_be(self, label: str) -> bool:
        """Whether a move can be made where the conversation stands."""
        if label == "ask queue":
            return self.where.waiting or self.where.was == "handed_over"
        if label == "no_new_time":
            return self.where.flow in ("afbud", "move")
        if label == "pick":
            return self.where.shown > 0
        if label.startswith("begin "):
            return not self.exact.not_this_matter(label.removeprefix("begin "), self.text)
        return True

    def _by_intent_alone(self, made: Set[str], scores: Mapping[str, float]) -> Set[str]:
        """What the intent says of a message of one clause, where the model is less sure of another."""
        ranking = self.evidence.ranking
        if len(self.evidence.clauses) > 1 or not ranking or ranking[0][1] < PLAIN:
            return made
        label = _label_of(ranking[0][0])
        if label is None or label in _ANSWERS or not self._can_be(label):
            return made
        same = {one for one in made if _sort(one) == _sort(label)}
        if any(scores[one] >= PLAIN for one in same):
            return made
        return (made - same - {"unclear"}) | {label}

    def _taken_apart(self, made: Set[str]) -> Iterator[str]:
        """The act of a message that the pipeline took apart as plainly several things."""
        if any(_sort(label) == "begin" for label in made):
            return
        for part in self.evidence.questions:
            label = _label_of(part.ranking[0][0])
            if label is not None and label.startswith("begin ") and self._can_be(label):
                yield label

    def _plainly(self, made: Set[str]) -> Iterator[str]:
        """What the intents say where no question is open: of the message, and of each clause of it.

        Of the sorts that the model has found already they say nothing more.
        """
        sorts = {_sort(label) for label in made}
        clauses = self.evidence.clauses
        for ranking in (self.evidence.ranking, *(clause.ranking for clause in clauses)):
            if not ranking or ranking[0][1] < PLAIN:
                continue
            label = _label_of(ranking[0][0])
            part = ranking is not self.evidence.ranking
            answers = part and label in _ANSWERS | _COURTESY | _SMALL_QUESTIONS
            if label is None or answers or _sort(label) in sorts:
                continue
            if label.startswith("begin ") and self.likely(label) < SUPPORTED and len(clauses) > 1:
                continue  # a clause of a story sounds like an afbud, and the whole is none
            if self._can_be(label):
                yield label


def _label_of(intent: str) -> Optional[str]:
    """The move that an intent stands for where nothing is open; None: a mere piece of an answer."""
    if intent in STARTS:
        return f"begin {STARTS[intent]}"
    if intent in OWN:
        return "ask own"
    if intent.startswith("faq"):
        return "ask faq"
    return _SAYS.get(intent)


_SAYS = {
    "handoff": "person", "greet": "greet", "thanks": "thanks", "goodbye": "bye", "stop": "leave",
    "repeat": "repeat", "ask_capabilities": "ask can", "bot_challenge": "ask human",
    "negative_feedback": "complain", "affirm": "accept", "deny": "refuse",
}  # fmt: skip


_NOT_COMING = frozenset({"begin afbud", "reason", "unclear"})


_SMALL_QUESTIONS = frozenset({"ask can", "ask human"})


_COURTESY = frozenset({"greet", "thanks", "bye", "tell"})


_SHORT = 5


_ANSWERS = frozenset({"accept", "refuse", "leave"})
"""What only a message as a whole says: "ja" or "nej" in front of something else leads over to it."""


def _sort(label: str) -> str:
    """Moves of one sort exclude each other in one clause: what is asked, what is begun, yes or no."""
    first = label.split()[0]
    return {"pick": "accept", "refuse": "accept", "leave": "accept", "keep": "accept"}.get(
        first, first
    )
