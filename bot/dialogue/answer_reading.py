"""The files of `data/answers`: read, checked against the a-kasse's profile, and put in words.

Everything in an answer depends on the profile alone, so all of them are put in words when they are
loaded; a fault of the files is found then, and none can turn up in front of a member.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Mapping, Optional, Sequence, Union

from bot.dialogue.answer_file import (
    FAQ_TOPICS,
    MORE_TOPICS,
    TOPICS,
    AnswerFile,
    Entry,
    FollowUp,
    Piece,
    Sentence,
)
from bot.dialogue.answers import Answer, Answers, intent_name
from bot.dialogue.context import ContextTable
from bot.dialogue.profile_words import AbsentError, Condition, PlaceError, ProfileWords
from bot.dialogue.read_aloud import read_aloud
from bot.dialogue.spoken import Source, SpokenChoice
from bot.profile import Profile
from bot.settings import ROOT
from bot.yaml_source import SourceError, build, line_of, read_yaml

FOLDER = ROOT / "data" / "answers"


@dataclass(frozen=True)
class SourceFile:
    """A file of the folder with the marks of its lines."""

    path: Path
    tree: Any
    content: AnswerFile

    def at(self, *place: Any) -> str:
        """Where a fault is: `file:line: place`."""
        return f"{self.path}:{line_of(self.tree, place)}: {'.'.join(str(key) for key in place)}"


def load_answers(folder: Path = FOLDER, *, profile: Profile) -> Answers:
    """Read every `*.yml` of the folder and say it with the profile.

    Raises SourceError with every fault: its file and line, what is wrong and what is allowed.
    """
    return put_in_words(read_folder(folder), profile)


def read_folder(folder: Path = FOLDER) -> Sequence[SourceFile]:
    """The folder's files, fit for any profile. Raises SourceError."""
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise SourceError(f"{folder}: no answers here; the folder must hold *.yml files")
    files: list[SourceFile] = []
    faults: list[str] = []
    for path in paths:
        try:
            files.append(read_file(path))
        except SourceError as error:
            faults.append(str(error))
    if faults:
        raise SourceError("\n".join(faults))
    return files


def read_file(path: Path) -> SourceFile:
    """One file. Raises SourceError."""
    tree = read_yaml(path)
    return SourceFile(path, tree, build(path, tree, AnswerFile))


def put_in_words(files: Sequence[SourceFile], profile: Profile) -> Answers:
    """The answers as they are said with this profile. Raises SourceError, as `load_answers`."""
    reading = _Reading(files, profile)
    answers = reading.answers()
    if reading.faults:
        raise SourceError("\n".join(dict.fromkeys(reading.faults)))
    return Answers(answers, reading.context)


@dataclass(frozen=True)
class _Said:
    text: str
    facts: tuple[str, ...]


class _Reading:
    """One reading of all files with one profile; faults are gathered, not raised."""

    def __init__(self, files: Sequence[SourceFile], profile: Profile) -> None:
        self.faults: list[str] = []
        self._files = files
        self._profile = profile
        self._words = ProfileWords(profile)
        self._entries: dict[str, tuple[SourceFile, Entry]] = {}
        self._titles: dict[str, str] = {}
        self._phrases: dict[str, _Said] = {}
        self._source = ""
        self.context: Optional[ContextTable] = None
        for file in files:
            self._merge(file)

    def answers(self) -> list[Answer]:
        """Every answer; to be thrown away where `faults` is not empty afterwards."""
        missing = [topic for topic in TOPICS if topic not in self._entries]
        if missing:
            self.faults.append(
                f"{self._files[0].path.parent}: no answer for {', '.join(missing)}; add them to a file"
            )
        if not self._source:
            self.faults.append(f"{self._files[0].path.parent}: no `source`; add it to one file")
        if self.context is None:
            self.faults.append(f"{self._files[0].path.parent}: no `context`; add it to one file")
        else:
            self._check_context(self.context)
        return [self._answer(topic, *found) for topic, found in self._entries.items()]

    def _check_context(self, context: ContextTable) -> None:
        for place, topic in context.topics():
            if topic not in self._entries:
                known = ", ".join(sorted(self._entries))
                self._fault(self._context_file, place, f"{topic!r} has no answer; allowed: {known}")

    def _merge(self, file: SourceFile) -> None:
        for topic, entry in file.content.answers.items():
            place = ("answers", topic)
            if topic in self._entries:
                self._fault(file, place, "is answered twice; remove one")
            if topic not in TOPICS and not topic.startswith(MORE_TOPICS):
                more = ", ".join(f"{start}…" for start in MORE_TOPICS)
                self._fault(file, place, f"is no topic; allowed: {', '.join(TOPICS)}, {more}")
            self._entries[topic] = (file, entry)
            if entry.title is not None:
                self._titles[topic] = self._fill(file, (*place, "title"), entry.title)
        for intent, title in file.content.choices.items():
            self._titles[intent] = self._fill(file, ("choices", intent), title)
        for name, sentences in file.content.phrases.items():
            self._phrases[name] = self._say(file, ("phrases", name), sentences)
        if file.content.source is not None:
            self._source = self._fill(file, ("source",), file.content.source)
        if file.content.context is not None:
            self.context, self._context_file = file.content.context, file

    def _answer(self, topic: str, file: SourceFile, entry: Entry) -> Answer:
        place = ("answers", topic)
        text = self._say(file, (*place, "text"), entry.text, needed=True)
        sms = self._say(file, (*place, "sms"), entry.sms, needed=True)
        facts = _in_order({*entry.facts, *text.facts, *sms.facts})
        self._known_facts(file, (*place, "facts"), entry.facts)
        if topic in FAQ_TOPICS and not facts:
            self._fault(file, place, "rests on no fact; list its `facts`")
        return Answer(
            topic=topic,
            where=f"{file.path}:{line_of(file.tree, place)}",
            text=text.text,
            sms=sms.text,
            aloud=read_aloud(text.text),
            facts=facts,
            sources=self._sources(facts),
            choices=tuple(self._choices(file, (*place, "follow_ups"), entry.follow_ups)),
            words=tuple(re.sub(r"[^\w*]+", " ", word.lower()).strip() for word in entry.words),
            least=entry.least,
        )

    def _say(
        self,
        file: SourceFile,
        place: tuple[Any, ...],
        pieces: Sequence[Union[Piece, Sentence]],
        needed: bool = False,
    ) -> _Said:
        texts: list[str] = []
        facts: list[str] = []
        for number, piece in enumerate(pieces):
            here = (*place, number)
            fits = self._fits(file, here, piece.when)
            said = self._piece(file, here, piece, fits)
            if fits:
                texts.append(said.text)
                facts += said.facts
        if needed and not any(texts):
            self._fault(file, place, "says nothing with this profile; add a piece without `when`")
        return _Said(" ".join(filter(None, texts)), tuple(facts))

    def _piece(
        self, file: SourceFile, place: tuple[Any, ...], piece: Union[Piece, Sentence], fits: bool
    ) -> _Said:
        if isinstance(piece, Piece) and piece.use is not None:
            if piece.use not in self._phrases:
                known = ", ".join(sorted(self._phrases)) or "none"
                self._fault(file, place, f"no phrase {piece.use!r}; allowed: {known}")
                return _Said("", piece.facts)
            phrase = self._phrases[piece.use]
            return _Said(phrase.text, phrase.facts + piece.facts)
        if fits:
            self._known_facts(file, place, piece.facts)
        return _Said(self._fill(file, place, piece.say or "", fits), piece.facts)

    def _fill(
        self, file: SourceFile, place: tuple[Any, ...], text: str, needed: bool = True
    ) -> str:
        try:
            return " ".join(self._words.fill(text).split())
        except PlaceError as error:
            self._fault(file, place, str(error))
        except AbsentError as error:
            if needed:
                self._fault(
                    file, place, f"{{{error}}} has no value in the profile {self._profile.id}; "
                    f"put the sentence under `when: {{{error}: true}}` and write one for `false`",
                )  # fmt: skip
        return ""

    def _fits(
        self, file: SourceFile, place: tuple[Any, ...], when: Mapping[str, Condition]
    ) -> bool:
        try:
            return self._words.fits(when)
        except PlaceError as error:
            self._fault(file, (*place, "when"), str(error))
            return False

    def _choices(
        self, file: SourceFile, place: tuple[Any, ...], follow_ups: Sequence[FollowUp]
    ) -> Iterable[SpokenChoice]:
        for number, item in enumerate(follow_ups):
            here = (*place, number)
            title = item.title or self._titles.get(item.offer)
            if title is None:
                known = ", ".join(sorted(self._titles))
                self._fault(
                    file, here, f"{item.offer!r} has no title; add one, or take one of: {known}"
                )
            elif self._fits(file, here, item.when):
                payload = {"intent": intent_name(item.offer), "start": True}
                yield SpokenChoice(title=title, payload=payload)

    def _sources(self, facts: Sequence[str]) -> tuple[Source, ...]:
        known = [self._profile.facts[fact] for fact in facts if fact in self._profile.facts]
        sections = dict.fromkeys(fact.section for fact in known)
        return tuple(Source(title=self._source, section=section) for section in sections)

    def _known_facts(self, file: SourceFile, place: tuple[Any, ...], facts: Sequence[str]) -> None:
        for fact in facts:
            if fact not in self._profile.facts:
                known = ", ".join(self._profile.facts)
                self._fault(
                    file,
                    place,
                    f"{fact} is no fact of the profile {self._profile.id}; allowed: {known}",
                )

    def _fault(self, file: SourceFile, place: tuple[Any, ...], what: str) -> None:
        self.faults.append(f"{file.at(*place)}: {what}")


def _in_order(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(facts, key=lambda fact: (len(fact), fact)))
