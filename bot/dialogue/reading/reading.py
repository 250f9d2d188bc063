"""`(evidence, where it stands) -> moves`: what a message does in the conversation in which it was written.

What is usage is scored by the model (`bot.nlu.moves`), what is exact is read here: which of the shown
things, which times, what stands under a "not", which topic a question is about.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Iterator, Mapping, Optional, Protocol, Sequence, Set, cast, get_args

from bot.backend.contract import Format, FreeTime
from bot.clock import COPENHAGEN
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
from bot.dialogue.reading.evidence import Clause, Evidence
from bot.dialogue.reading.exact import exact_words, with_denials
from bot.dialogue.reading.listening import listener
from bot.dialogue.reading.standing import Standing, standing
from bot.dialogue.state import Dialogue, FlowName
from bot.dialogue.turn import Turn

SURE = 0.42
"""From here a move counts as made."""
LIKELY = 0.3
"""From here the likeliest move counts where none is sure, and exact words decide the rest."""
PLAIN = 0.8
"""So sure of its intent, a message that answers nothing means just that."""
TOPIC = 0.3
"""So likely must a topic be that a question is answered by it."""

_MATTERS: tuple[FlowName, ...] = get_args(FlowName)
_LISTED = ("time", "meeting", "day", "kind", "reason")
"""What a choice of a list says when it is pressed: the list is what "den sidste" is the last of."""
_SMALL = {"thanks": "thanks", "greet": "greet", "bye": "goodbye"}
_MASKED_CPR = "XXXXXX-XXXX"
_MOST_WORDS = 500


class Topics(Protocol):
    """What the answers of one a-kasse know about the subjects of questions (`bot.dialogue.answers`)."""

    def in_context(self, last: Optional[str], text: str) -> Optional[str]:
        """The topic of a question that leans on the answer before it; None: it does not."""
        ...

    def beyond(self, text: str) -> str:
        """The topic for what lies beyond the assistant."""
        ...


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


class _Reader:
    """One message on its way to moves."""

    def __init__(
        self, evidence: Evidence, dialogue: Dialogue, where: Standing, topics: Topics
    ) -> None:
        self.evidence = evidence
        self.dialogue = dialogue
        self.where = where
        self.topics = topics
        self.exact = exact_words()
        self.text = evidence.text
        self.labels = self._labels()
        self.mentions = self._mentions()
        self.choice = self._picked()

    def likely(self, *labels: str) -> float:
        """How likely the likeliest of the moves is."""
        return max(self.evidence.scores.get(label, 0.0) for label in labels)

    def has(self, *labels: str) -> bool:
        """Whether one of the moves is made."""
        return any(label in self.labels for label in labels)

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

    def _labels(self) -> frozenset[str]:
        scores = {
            label: score for label, score in self.evidence.scores.items() if self._can_be(label)
        }  # fmt: skip
        sure = {label for label, score in scores.items() if score >= SURE}
        if not sure and scores:
            best = max(scores, key=lambda label: scores[label])
            if scores[best] >= LIKELY:
                sure = {best}
        if self.where.open in ("nothing", "offer", "choices"):
            sure = self._by_intent_alone(sure, scores)
            sure |= set(self._plainly(sure))
            if sure and sure <= _COURTESY:
                sure |= set(self._behind_the_courtesy(scores))
        elif self.evidence.asks and self.evidence.ranking and not sure & {"accept", "pick"}:
            name, chance = self.evidence.ranking[0]
            label = "ask beyond" if name == "out_of_scope" else _label_of(name)
            if chance >= PLAIN and label is not None and label.startswith("ask"):
                sure = {one for one in sure if _sort(one) != "ask"} | {label}
        denied = [name for name in ("afbud", "move") if self.exact.not_this_matter(name, self.text)]
        if denied == ["afbud"] and self.exact.instead(self.text):
            sure |= {"begin move"}
        elif denied and not any(_sort(label) == "begin" for label in sure) and "wish" not in sure:
            sure |= {"keep"}
        return frozenset(sure - {"unclear"} if len(sure) > 1 else sure)

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
            answers = label in _ANSWERS and ranking is not self.evidence.ranking
            if label is None or answers or _sort(label) in sorts:
                continue
            if self._can_be(label):
                yield label

    def _mentions(self) -> tuple[TimeMention, ...]:
        places = self.evidence.time_places
        mentions = with_denials(self.evidence.times, self.exact.denied(self.text, places))
        mentions = tuple(
            mention for mention, (start, stop) in zip(mentions, places, strict=True)
            if not self.exact.bare_ordinal(self.text[start:stop])
        )  # fmt: skip
        mentions = _sharing_hours(mentions)
        if not mentions and self.where.open in ("time", "confirm"):
            hour = self.exact.bare_hour(self.text, self.where.shown)
            if hour is not None:
                return (_at_hour(hour, self.evidence.now),)
        if self.where.open in ("time", "confirm", "which_day"):
            mentions = tuple(self._on_the_table(mention) for mention in mentions)
        return tuple(mention for mention in mentions if not self._says_the_proposed(mention))

    def _says_the_proposed(self, mention: TimeMention) -> bool:
        """Whether a yes only says again what is proposed ("ja, tirsdag kl. 10 er fint")."""
        flow = self.dialogue.flow
        if flow is None or flow.asked != "confirm" or flow.chosen is None or mention.denied:
            return False
        return self.has("accept") and _fits(mention, flow.chosen)

    def _on_the_table(self, mention: TimeMention) -> TimeMention:
        """A weekday is read against what is offered before it is read against the calendar."""
        if not mention.weekday or mention.start is None:
            return mention
        local = [start.astimezone(COPENHAGEN) for start in self.where.offered]
        if any(start.date() == mention.start.date() for start in local):
            return mention
        same = sorted({s.date() for s in local if s.weekday() == mention.start.weekday()})
        if len(same) != 1:
            return mention
        shift = timedelta(days=(same[0] - mention.start.date()).days)
        end = mention.end + shift if mention.end is not None else None
        return replace(mention, start=mention.start + shift, end=end, other=None)

    # --- which of the things shown ------------------------------------------------------------------

    def _picked(self) -> Optional[Mapping[str, Any]]:
        shown = self.dialogue.shown
        if self.where.open in ("nothing", "offer") and not shown:
            return None
        by_time = self._picked_time()
        if by_time is not None:
            return by_time
        listed = _listed(shown)
        words = len(self.text.split())
        index = self.exact.ordinal(self.text, len(listed))
        if index is None and words <= 3:
            index = self.exact.ordinal(self.text, len(shown)) if _has_digit(self.text) else None
        if index is not None and not any(m.clock for m in self.mentions):
            plainly = self.likely("pick", "accept") >= LIKELY or words <= 3
            if plainly and not (self.has("wish") and not self.has("pick")):
                return shown[index]
        if (
            len(listed) == 1
            and self.where.listing
            and self.has("accept")
            and not self.has("wish", "refuse")
        ):
            return listed[0]
        return None

    def _picked_time(self) -> Optional[Mapping[str, Any]]:
        """The one offered time that the message names, as the choice of it."""
        flow = self.dialogue.flow
        if flow is None or flow.asked not in ("time", "confirm") or not flow.offered:
            return None
        wanted = [mention for mention in self.mentions if not mention.denied]
        only_asks = self.has("ask table") and not self.has("pick", "accept", "wish")
        if not wanted or only_asks or self.likely("pick", "accept", "wish", "this") < LIKELY:
            return None
        fitting = [time for time in flow.offered if all(_fits(m, time) for m in wanted)]
        if len(fitting) > 1:
            place = self.exact.ordinal(self.text, len(fitting))
            fitting = [fitting[place]] if place is not None else fitting
        if not fitting:  # one of several times is named to the minute, another only told
            plain = [m for m in wanted if m.dated and m.exact]
            fitting = [time for time in flow.offered if any(_fits(m, time) for m in plain)]
        if len(fitting) != 1 or any(m.denied and _fits(m, fitting[0]) for m in self.mentions):
            return None
        return {"intent": "inform", "menu": flow.menu, "time": fitting[0].id}

    # --- what the member does -----------------------------------------------------------------------

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
        if self.has("begin format") and not self.has("keep") and self.exact.this_one(self.text):
            yield Keep()  # the meeting at hand, not the new time that is looked for

    def _begun(self) -> Iterator[Begin]:
        begun = [matter for matter in _MATTERS if self.has(f"begin {matter}")]
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
        wished = self.has("wish") or (begun and named) or (
            open_for_it and bool(self.mentions) and not only_asks
            and not self.has("tell", "this", "begin afbud", "reason", "keep")
        )  # fmt: skip
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
            *(f"begin {matter}" for matter in _MATTERS), "keep", "undo", "ask own", "reason", "no_new_time"
        )  # fmt: skip
        kinds = self.evidence.kinds
        ours = self.exact.ours(self.text)
        names = self.exact.names(self.text)
        named = bool(self.mentions or kinds or ours or names)
        if not wanted or not (named or self.has("this")):
            return None
        return Mean(self.mentions, kinds, ours, names, plainly)

    # --- what is asked ------------------------------------------------------------------------------

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
        if self.has("ask faq"):
            name = self._likeliest(tuple(n for n in SUGGESTABLE if n.startswith("faq")), TOPIC)
            if name is not None:
                yield Ask(name)
            elif not self.has("ask own", "ask table"):
                yield Ask(self.topics.beyond(self.text))
        if self.has("ask beyond"):
            yield Ask(self.topics.beyond(self.text))

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
        if not self.has(*(f"begin {matter}" for matter in _MATTERS), "person"):
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
            name, chance = clause.ranking[0]
            if name in STARTS or name in ("inform", "affirm", "deny", "handoff", "thanks"):
                continue
            known = chance >= SURE and name != "out_of_scope"
            yield self._about(name, clause) if known else Ask("unknown")
            return

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
        rankings = [self.evidence.ranking]
        if asking is not None and len(self.evidence.clauses) > 1:
            rankings.insert(0, asking.ranking)
        for ranking in rankings:
            for name, chance in ranking:
                if name in names and chance >= least:
                    return name
        return None

    # --- what is only said --------------------------------------------------------------------------

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


def _sharing_hours(mentions: Sequence[TimeMention]) -> tuple[TimeMention, ...]:
    """ "mandag eller tirsdag eftermiddag": the part of the day holds for both."""
    parts = [
        m for m in mentions if m.dated and m.grain == "minute" and not m.exact and m.start and m.end
    ]
    if len(parts) != 1 or mentions[-1] is not parts[0]:
        return tuple(mentions)
    begin, stop = parts[0].hours()
    return tuple(_at_hours(m, begin, stop) if m.dated and m.grain == "day" else m for m in mentions)


def _at_hours(mention: TimeMention, begin: Optional[time], stop: Optional[time]) -> TimeMention:
    if mention.start is None or mention.end is None or begin is None or stop is None:
        return mention
    if mention.end - mention.start > timedelta(days=1):
        return mention
    day = mention.start.date()
    return replace(
        mention, grain="minute",
        start=datetime.combine(day, begin, COPENHAGEN), end=datetime.combine(day, stop, COPENHAGEN),
    )  # fmt: skip


def _listed(shown: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The choices of the list at the top, without the ways on below it; all where there is no list."""
    if not shown:
        return shown
    sort = next((name for name in _LISTED if name in shown[0]), None)
    if sort is None:
        return shown
    return [choice for choice in shown if sort in choice]


def _proposed_format(dialogue: Dialogue) -> Optional[str]:
    flow = dialogue.flow
    if flow is None or flow.asked != "confirm" or flow.proposal is None:
        return None
    body = flow.proposal.command.body
    format = body.get("new_format") or body.get("format")
    return str(format) if format else None


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _fits(mention: TimeMention, offered: FreeTime) -> bool:
    start = offered.start.astimezone(COPENHAGEN)
    if mention.dated:
        return mention.covers(offered.start)
    from_hour, to_hour = mention.hours()
    clock = start.time()
    if mention.exact:
        return clock == from_hour
    return (from_hour is None or clock >= from_hour) and (to_hour is None or clock < to_hour)


def _at_hour(hour: int, now: datetime) -> TimeMention:
    start = now.astimezone(COPENHAGEN).replace(hour=hour, minute=0, second=0, microsecond=0)
    end = start + timedelta(minutes=1)
    return TimeMention(start=start, end=end, grain="hour", dated=False, clock=True)
