"""Several questions in one message: three parts of the pipeline, around those that read messages.

`QuestionSplitter` adds the clauses of a message behind it, so that their intents are read as any message's.
`QuestionSifter` notes them on the message (`clauses`, for `bot.nlu.moves`) and takes them out again, but
where they are plainly understood questions about different things: then it sets `parts` on the message,
`[{"intent", "start", "end"}]`, the one to act on first. `QuestionJoiner`, at the end, makes that one's intent
the message's, and the clauses' entities, each read by its own intent. Where anything is doubtful the message
stays as it was read as a whole.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.clauses import clauses_of
from bot.nlu.confidence import OUT_OF_SCOPE

PARTS = "parts"
CLAUSE = "clause"
CLAUSES = "clauses"
"""Under this key a message carries its clauses, each with its own ranking of intents."""
_RANKED = 6
MOST_CLAUSES = 4
"""A message of more clauses tells a story; it is read as a whole."""

ACTS = frozenset({
    "book_meeting", "afbud", "reschedule_meeting", "change_format", "request_participation",
    "missed_meeting", "handoff",
})  # fmt: skip
"""What acts on the member's own matter: it wins over questions, and there is one of it."""

OWN_QUESTIONS = frozenset({"ask_next_meeting", "ask_booking_deadline", "ask_my_course"})

_ANSWERED_BY_ACT = {
    "afbud": {"faq_how_to_afbud"},
    "book_meeting": {"faq_book_akasse", "ask_booking_deadline"},
    "reschedule_meeting": {"faq_book_akasse", "faq_how_to_afbud"},
    "change_format": {"faq_digital_meetings"},
    "request_participation": {"faq_akasse_at_jobcenter"},
    "missed_meeting": {"faq_no_show", "faq_invalid_absence", "faq_how_to_afbud"},
}
"""Questions that taking up the matter answers ("jeg er syg i morgen. Hvordan melder jeg afbud?")."""

_SUBJECT = (
    r"(?:jeg|man|du|i|vi|de|den|det|dem|der|mit|min|mine|et|en|møder?(?:ne|t)?|samtaler?(?:ne|n)?|"
    r"a-?kassen|jobcent\w+|nogen|alle)"
)
_VERB = (
    r"(?:kan|skal|må|maa|er|har|bliver|får|faar|gælder|gaelder|vil|findes|mister|behøver|koster|kommer|"
    r"tager|ka|sker|foregår|bestemmer)"
)
_OPENS = (
    r"(?:hvad|hva|hvor|hvornår|hvornaar|hvordan|hvorfor|hvem|hvilken|hvilke|hvilket)\b|"
    rf"{_VERB}\s+(?:også\s+|så\s+)?{_SUBJECT}\b"
)
_FILLER = r"(?:(?:også|så|lige|i øvrigt|iøvrigt|egentlig|desuden|ellers|hej|ok|okay)\s+)*"
_SENTENCE = (
    r"(?<=[.?!])(?<!\d\.)\s+(?!\d)|(?<=\d\.)\s+(?=(?-i:[A-ZÆØÅ]))"  # not in "den 4. maj", "kl. 10"
)
_CUT = re.compile(
    rf"{_SENTENCE}|\n+|\s*,?\s+(?:og|samt|men|eller|plus)\s+(?={_FILLER}(?:{_OPENS}))",
    re.IGNORECASE,
)
_LEAD = r"^\W*(?:(?:og|samt|men|eller|plus)\s+)?"
_QUESTION = re.compile(rf"{_LEAD}{_FILLER}(?:{_OPENS})|\?\W*$", re.IGNORECASE)
_SUPPOSES = re.compile(r"\b(?:hvis|når|naar|man)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Clause:
    """A stretch of a message, and whether it asks, or only supposes something ("hvis man er syg").

    `apart`: it belongs to a message that may hold several questions, and may become one of its parts.
    """

    start: int
    end: int
    asks: bool
    supposes: bool = False
    apart: bool = True


def clauses(text: str) -> List[Clause]:
    """The clauses of a message that may hold several questions; none where it can't."""
    found: List[Clause] = []
    begin = 0
    for cut in [*_CUT.finditer(text), None]:
        stop = cut.start() if cut else len(text)
        said = text[begin:stop]
        if len(_WORD.findall(said)) >= 2:
            asks, supposes = bool(_QUESTION.search(said)), bool(_SUPPOSES.search(said))
            found.append(Clause(begin, stop, asks, supposes))
        begin = cut.end() if cut else stop
    if not 2 <= len(found) <= MOST_CLAUSES or not any(clause.asks for clause in found):
        return []
    return found


@dataclass(frozen=True)
class Bounds:
    """Probabilities from which a clause counts as understood.

    `first`: the first question; `later`: one that follows, which may lean on the first and then be misread;
    `act`: what changes something; `beside`: one that the whole message hardly speaks of.
    """

    first: float = 0.5
    later: float = 0.85
    act: float = 0.9
    beside: float = 0.99


def parts(
    read: Sequence[tuple[Clause, Mapping[str, Any]]], ranking: Sequence[str], bounds: Bounds
) -> Optional[List[Dict[str, Any]]]:
    """What the clauses come to, the one to act on first; None where they are not plainly several things.

    `read`: each clause with its intent (`name`, `confidence`). `ranking`: the intents of the message as a
    whole, likeliest first: of two questions both lead it, and a clause that was misread does not.
    """
    acts: Dict[str, Dict[str, Any]] = {}
    questions: Dict[str, Dict[str, Any]] = {}
    for clause, intent in read:
        name, chance = str(intent["name"]), float(intent["confidence"])
        part = {"intent": dict(intent), "start": clause.start, "end": clause.end}
        if name in ACTS and chance >= bounds.act and (clause.asks or not clause.supposes):
            acts.setdefault(name, part)
        elif clause.asks:
            if not _answerable(name) or chance < (bounds.later if questions else bounds.first):
                return None
            questions.setdefault(name, part)
    if len(acts) > 1:
        return None
    several = _in_order(acts, questions)
    if len(several) < 2 or not all(_leads(part, ranking, len(several), bounds) for part in several):
        return None
    return several


def _answerable(name: str) -> bool:
    return name.startswith("faq_") or name in OWN_QUESTIONS or name == OUT_OF_SCOPE


def _in_order(
    acts: Mapping[str, Dict[str, Any]], questions: Mapping[str, Dict[str, Any]]
) -> List[Dict[str, Any]]:
    """The act, then the questions as they were asked, but for those that the act answers anyway."""
    passed = {name for act in acts for name in (*OWN_QUESTIONS, *_ANSWERED_BY_ACT.get(act, ()))}
    return [*acts.values(), *(part for name, part in questions.items() if name not in passed)]


def _leads(part: Mapping[str, Any], ranking: Sequence[str], count: int, bounds: Bounds) -> bool:
    name, chance = part["intent"]["name"], part["intent"]["confidence"]
    return name in ranking[:count] or (name in ranking[: count + 1] and chance >= bounds.beside)


class _AsItIs(GraphComponent, IntentClassifier):  # type: ignore[misc,unused-ignore]
    """A component that is not trained."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The fields of `Bounds`; what they are worth was measured (tests/nlu/test_double_questions.py)."""
        return asdict(Bounds())

    def __init__(self, config: Dict[str, Any]) -> None:
        settings = {**self.get_default_config(), **config}
        self._bounds = Bounds(**{field.name: settings[field.name] for field in fields(Bounds)})

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _AsItIs:
        """There is nothing to train or load."""
        return cls(config)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuestionSplitter(_AsItIs):
    """See the module's text."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Each message, and behind it its clauses as messages of their own."""
        return [one for message in messages for one in (message, *_clause_messages(message))]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuestionSifter(_AsItIs):
    """See the module's text."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Messages that come apart get their `parts` and keep their clauses; the other clauses go."""
        kept: List[Message] = []
        for message, all_clauses in _with_clauses(messages):
            message.set(CLAUSES, _noted(all_clauses), add_to_output=True)
            its_clauses = [clause for clause in all_clauses if clause.get(CLAUSE).apart]
            ranking = [str(rank["name"]) for rank in message.get(INTENT_RANKING_KEY) or []]
            read = [(clause.get(CLAUSE), clause.get(INTENT)) for clause in its_clauses]
            found = parts(read, ranking, self._bounds)
            kept.append(message)
            if found is not None:
                message.set(PARTS, found, add_to_output=True)
                kept.extend(its_clauses)
        return kept


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuestionJoiner(_AsItIs):
    """See the module's text."""

    def process(self, messages: List[Message]) -> List[Message]:
        """The messages without clauses; of one that came apart the clauses' entities are its own."""
        whole: List[Message] = []
        for message, its_clauses in _with_clauses(messages):
            whole.append(message)
            found = message.get(PARTS)
            if found:
                message.set(INTENT, found[0]["intent"], add_to_output=True)
                entities = [entity for clause in its_clauses for entity in _moved(clause)]
                message.set(ENTITIES, entities, add_to_output=True)
        return whole


def _with_clauses(messages: Sequence[Message]) -> Iterator[tuple[Message, List[Message]]]:
    whole = [place for place, message in enumerate(messages) if message.get(CLAUSE) is None]
    for place, following in zip(whole, [*whole[1:], len(messages)], strict=True):
        yield messages[place], list(messages[place + 1 : following])


def _moved(clause: Message) -> Iterator[Dict[str, Any]]:
    """The entities of a clause, placed where they stand in the whole message."""
    shift = clause.get(CLAUSE).start
    for entity in clause.get(ENTITIES) or []:
        yield {**entity, "start": entity["start"] + shift, "end": entity["end"] + shift}


def _noted(its_clauses: Sequence[Message]) -> List[Dict[str, Any]]:
    """The clauses of the whole message as the reading of moves gets them, in their order."""
    return [
        {
            "start": clause.get(CLAUSE).start, "end": clause.get(CLAUSE).end,
            "asks": clause.get(CLAUSE).asks,
            "ranking": list(clause.get(INTENT_RANKING_KEY) or [])[:_RANKED],
        }
        for clause in its_clauses if not clause.get(CLAUSE).apart
    ]  # fmt: skip


def with_clauses(messages: Sequence[Message]) -> List[Message]:
    """Marked turns, each followed by its clauses as messages of their own, to be read together."""
    return [one for message in messages for one in (message, *_as_messages(message, _stretches))]


def note_clauses(messages: Sequence[Message]) -> None:
    """Put on each message of `with_clauses` what was read in its clauses."""
    for message, its_clauses in _with_clauses(messages):
        message.set(CLAUSES, _noted(its_clauses), add_to_output=True)


def _stretches(text: str) -> Iterator[Clause]:
    """The clauses that the reading of moves looks at; none where the message is one."""
    found = clauses_of(text)
    if len(found) > 1:
        for start, end in found:
            yield Clause(start, end, bool(_QUESTION.search(text[start:end])), apart=False)


def _clause_messages(message: Message) -> Iterator[Message]:
    yield from _as_messages(message, clauses)
    yield from _as_messages(message, _stretches)


def _as_messages(message: Message, parted: Callable[[str], Iterable[Clause]]) -> Iterator[Message]:
    text = str(message.get(TEXT) or "")
    for clause in parted(text):
        data = {TEXT: text[clause.start : clause.end], CLAUSE: clause}
        if message.get(METADATA):
            data[METADATA] = message.get(METADATA)
        yield Message(data=data)
