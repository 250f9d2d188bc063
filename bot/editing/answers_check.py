"""`moedeklar answers check`: is every answer right, short, plain and sendable?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence, TextIO

from bot import gsm7
from bot.dialogue.answer_file import FAQ_TOPICS
from bot.dialogue.answer_reading import FOLDER, SourceFile, put_in_words, read_folder
from bot.dialogue.answers import Answer, Answers
from bot.editing import danish_in_code
from bot.editing.grounding import ungrounded
from bot.editing.measures import Measures, lix, measures, sms_with_choices, word_count
from bot.profile import Profile, load_profile
from bot.settings import ROOT
from bot.yaml_source import SourceError

PROFILES = ROOT / "data" / "profiles"

MOST_WORDS = 90
MOST_SEGMENTS = 2
"""Of a text message, with the choices that go with it."""

MOST_FOLLOW_UPS = 3

MOST_LIX = 45.0
"""Readability by LIX: a plain text is at most about 35, a newspaper about 45."""

_ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(?:dk|com|org|net|eu|nu)\b")
_UNREADABLE = re.compile(
    r"\b(?:f\.?eks|bl\.a|osv|mv|m\.v|evt|ca|dvs|pga|ift|inkl|ekskl|jf|nr|tlf|kl|fx|min\.|vedr|mht|"
    r"hhv|pct)\b\.?|[&%/+=<>*#|…→•]|\d\.-"
)


@dataclass(frozen=True)
class Report:
    """What a check found: one line a fault (`file:line: topic: what; mend`), and every answer's figures."""

    profile: str
    faults: tuple[str, ...]
    rows: tuple[Measures, ...]


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


def check(profile: Profile, answers: Answers) -> Report:
    """Check the answers as they are said with this profile."""
    everything = [answers.answer(topic) for topic in answers.topics]
    faults = [*_coverage(profile, everything)]
    for answer in everything:
        faults += [f"{answer.where}: {answer.topic}: {fault}" for fault in _faults(profile, answer)]
    return Report(profile.id, tuple(faults), tuple(measures(answer) for answer in everything))


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
    for place, text in (("text", answer.text), ("sms", answer.sms), ("aloud", answer.aloud)):
        for figure in dict.fromkeys(ungrounded(text, facts, profile)):
            stands = ", ".join(answer.facts) or "its facts (it lists none)"
            yield f"{place} says {figure!r}, which is not in {stands}; correct it or list the fact"
    if word_count(answer.text) > MOST_WORDS:
        yield f"text has {word_count(answer.text)} words; at most {MOST_WORDS}"
    if lix(answer.text) > MOST_LIX:
        yield f"text has LIX {lix(answer.text):.0f}; at most {MOST_LIX:.0f}: shorter sentences and words"
    if len(answer.choices) > MOST_FOLLOW_UPS:
        yield f"follow_ups has {len(answer.choices)} choices; at most {MOST_FOLLOW_UPS}"
    yield from _sms_faults(answer)
    yield from _aloud_faults(answer)


def _sms_faults(answer: Answer) -> Iterator[str]:
    strange = gsm7.foreign(sms_with_choices(answer))
    if strange:
        found = " ".join(f"{c} (U+{ord(c):04X})" for c in strange)
        yield f"sms has characters that are not in GSM-7: {found}; write it with others"
        return
    if gsm7.segments(answer.sms) > MOST_SEGMENTS:
        most = MOST_SEGMENTS * gsm7.JOINED
        yield f"sms is {gsm7.septets(answer.sms)} characters; at most {most} ({MOST_SEGMENTS} segments)"
    elif gsm7.segments(sms_with_choices(answer)) > MOST_SEGMENTS:
        yield f"sms with its choices is over {MOST_SEGMENTS} segments; shorten it"


def _aloud_faults(answer: Answer) -> Iterator[str]:
    for pattern, what in ((_ADDRESS, "an address"), (_UNREADABLE, "an abbreviation or sign")):
        found = pattern.search(answer.aloud)
        if found is not None:
            yield (
                f"{found.group()!r} can't be read aloud ({what}); write it out, or say how it is "
                f"read in data/replies/read_aloud.yml"
            )
