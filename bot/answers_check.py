"""`moedeklar answers check` and `show`: is every answer right, short, plain and sendable?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Optional, Sequence, TextIO

from bot import danish_in_code, gsm7
from bot.answers_grounding import ungrounded
from bot.dialogue.answer_file import FAQ_TOPICS
from bot.dialogue.answers import (
    FOLDER,
    Answer,
    Answers,
    SourceFile,
    load_answers,
    put_in_words,
    read_folder,
)
from bot.profile import Profile, load_profile
from bot.settings import ROOT
from bot.yaml_source import SourceError

PROFILES = ROOT / "data" / "profiles"

MOST_WORDS = 90
MOST_SEGMENTS = 2
MOST_SEGMENTS_WITH_CHOICES = 3
MOST_FOLLOW_UPS = 3

MOST_LIX = 45.0
"""Readability by LIX: a plain text is at most about 35, a newspaper about 45."""

_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:](?=\s|$)")
_ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(?:dk|com|org|net|eu|nu)\b")
_UNREADABLE = re.compile(
    r"\b(?:f\.?eks|bl\.a|osv|mv|m\.v|evt|ca|dvs|pga|ift|inkl|ekskl|jf|nr|tlf|kl|fx|min\.|vedr|mht|"
    r"hhv|pct)\b\.?|[&%/+=<>*#|…→•]|\d\.-"
)


@dataclass(frozen=True)
class Row:
    """One answer in figures. `segments` of the text message alone, `with_choices` as it is sent."""

    topic: str
    words: int
    lix: float
    segments: int
    with_choices: int
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What a check found: one line a fault (`file:line: topic: what; mend`), and every answer's figures."""

    profile: str
    faults: tuple[str, ...]
    rows: tuple[Row, ...]


def run(
    profile_name: str,
    out: TextIO,
    folder: Path = FOLDER,
    profiles: Path = PROFILES,
    root: Path = ROOT,
) -> int:
    """Check the answers with every profile there is, and the code; 1 where there are faults.

    The figures are printed of the named profile, of the others their faults alone. Raises SourceError
    where the named profile or the answers can't be read at all.
    """
    profile = load_profile(profile_name, profiles)
    files = read_folder(folder)
    report = check(profile, put_in_words(files, profile))
    print(table(report), file=out)
    faults = len(report.faults)
    for name in sorted(path.stem for path in profiles.glob("*.yml") if path.stem != profile_name):
        others = _faults_with(name, files, profiles)
        print(*others, f"profile {name}: {_verdict(others)}", sep="\n", file=out)
        faults += len(others)
    in_code = [
        f"{found.path}:{found.line}: {found.text[:60]!r} is said to members; move it to data/"
        for found in danish_in_code.danish_texts(root)
    ]
    print(*in_code, f"Danish text in code: {_verdict(in_code)}", sep="\n", file=out)
    return 1 if faults or in_code else 0


def show(profile_name: str, topic: Optional[str], out: TextIO) -> int:
    """Print what members see and hear, of one topic or of all; 2 for a topic that there is not."""
    answers = load_answers(profile=load_profile(profile_name))
    if topic is not None and topic not in answers.topics:
        print(f"no topic {topic!r}; there are: {', '.join(answers.topics)}", file=out)
        return 2
    print(shown(answers, topic), file=out)
    return 0


def check(profile: Profile, answers: Answers) -> Report:
    """Check the answers as they are said with this profile."""
    everything = [answers.answer(topic) for topic in answers.topics]
    faults = [*_coverage(profile, everything)]
    for answer in everything:
        faults += [f"{answer.where}: {answer.topic}: {fault}" for fault in _faults(profile, answer)]
    return Report(profile.id, tuple(faults), tuple(_row(answer) for answer in everything))


def table(report: Report) -> str:
    """The report as it is printed: figures in columns, then the faults, then the verdict."""
    wide = max((len(row.topic) for row in report.rows), default=5)
    lines = [f"{'topic':<{wide}}  words   LIX  SMS  facts", "-" * (wide + 30)]
    lines += [
        f"{row.topic:<{wide}}  {row.words:>5}  {row.lix:>4.0f}  {row.segments}/{row.with_choices}  "
        f"{' '.join(row.facts) or '-'}"
        for row in report.rows
    ]
    lines += ["SMS: segments of the text / with its choices", "", *report.faults]
    verdict = _verdict(report.faults)
    lines.append(f"profile {report.profile}: {len(report.rows)} answers, {verdict}")
    return "\n".join(lines)


def shown(answers: Answers, topic: Optional[str] = None) -> str:
    """What a member sees and hears, of one topic or of all. Raises KeyError for an unknown topic."""
    topics = answers.topics if topic is None else (topic,)
    return "\n\n".join(_shown(answers.answer(name)) for name in topics)


def sms_with_choices(answer: Answer) -> str:
    """The text message with its choices numbered."""
    choices = [f"{n}) {choice.title}" for n, choice in enumerate(answer.choices, 1)]
    return "\n".join([answer.sms, *choices])


def lix(text: str) -> float:
    """Words a sentence, plus long words (over six letters) in a hundred. 0 for no words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    long_words = sum(1 for word in words if len(word) > 6)
    return len(words) / sentences + 100 * long_words / len(words)


def word_count(text: str) -> int:
    """Words as a reader counts them: between spaces."""
    return len(text.split())


def _verdict(faults: Sequence[str]) -> str:
    return f"{len(faults)} faults" if faults else "no faults"


def _faults_with(name: str, files: Sequence[SourceFile], profiles: Path) -> Sequence[str]:
    try:
        profile = load_profile(name, profiles)
        return check(profile, put_in_words(files, profile)).faults
    except SourceError as error:
        return str(error).splitlines()


def _coverage(profile: Profile, everything: Sequence[Answer]) -> Iterator[str]:
    topics = {answer.topic for answer in everything}
    for topic in FAQ_TOPICS:
        if topic not in topics:
            yield f"data/answers: {topic} has no answer; add it"
    used = {fact for answer in everything for fact in answer.facts}
    for fact in profile.facts:
        if fact not in used:
            yield (
                f"data/profiles/{profile.id}.yml: {fact} is used by no answer; "
                f"list it under `facts` of the answer that tells it"
            )


def _faults(profile: Profile, answer: Answer) -> Iterator[str]:
    facts = [profile.facts[fact].text for fact in answer.facts]
    for place, text in (("text", answer.text), ("sms", answer.sms), ("spoken", answer.aloud)):
        for figure in dict.fromkeys(ungrounded(text, facts, profile.support)):
            stands = ", ".join(answer.facts) or "its facts (it lists none)"
            yield f"{place} says {figure!r}, which is not in {stands}; correct it or list the fact"
    if word_count(answer.text) > MOST_WORDS:
        yield f"text has {word_count(answer.text)} words; at most {MOST_WORDS}"
    if lix(answer.text) > MOST_LIX:
        yield f"text has LIX {lix(answer.text):.0f}; at most {MOST_LIX:.0f}: shorter sentences and words"
    if len(answer.choices) > MOST_FOLLOW_UPS:
        yield f"follow_ups has {len(answer.choices)} choices; at most {MOST_FOLLOW_UPS}"
    yield from _sms_faults(answer)
    yield from _aloud_faults(profile, answer)


def _sms_faults(answer: Answer) -> Iterator[str]:
    strange = gsm7.foreign(sms_with_choices(answer))
    if strange:
        found = " ".join(f"{c} (U+{ord(c):04X})" for c in strange)
        yield f"sms has characters that are not in GSM-7: {found}; write it with others"
        return
    if gsm7.segments(answer.sms) > MOST_SEGMENTS:
        most = MOST_SEGMENTS * gsm7.JOINED
        yield f"sms is {gsm7.septets(answer.sms)} characters; at most {most} ({MOST_SEGMENTS} segments)"
    if gsm7.segments(sms_with_choices(answer)) > MOST_SEGMENTS_WITH_CHOICES:
        yield f"sms with its choices is over {MOST_SEGMENTS_WITH_CHOICES} segments; shorten it"


def _aloud_faults(profile: Profile, answer: Answer) -> Iterator[str]:
    text = answer.aloud.replace(profile.systems.jobcenter_site, " ")
    for pattern, what in ((_ADDRESS, "an address"), (_UNREADABLE, "an abbreviation or sign")):
        found = pattern.search(text)
        if found is not None:
            yield f"{found.group()!r} can't be read aloud ({what}); write it out, or add `spoken`"


def _row(answer: Answer) -> Row:
    sendable = not gsm7.foreign(sms_with_choices(answer))
    return Row(
        topic=answer.topic,
        words=word_count(answer.text),
        lix=lix(answer.text),
        segments=gsm7.segments(answer.sms) if sendable else 0,
        with_choices=gsm7.segments(sms_with_choices(answer)) if sendable else 0,
        facts=answer.facts,
    )


def _shown(answer: Answer) -> str:
    row = _row(answer)
    lines = [
        f"=== {answer.topic} ({answer.where})",
        f"--- Min side ({row.words} words, LIX {row.lix:.0f})",
        answer.text,
        *(f"  [{choice.title}]" for choice in answer.choices),
        *(f"  Source: {source.title}, {source.section}" for source in answer.sources),
        f"--- SMS ({row.with_choices} segments, {row.segments} without the choices)",
        sms_with_choices(answer),
    ]
    if answer.aloud != answer.text:
        lines += ["--- Read aloud", answer.aloud]
    return "\n".join(lines)
