"""`moedeklar answers show`: what a member sees and hears of an answer, on each channel."""

from __future__ import annotations

from typing import Optional, TextIO

from bot.dialogue.answer_reading import load_answers
from bot.dialogue.answers import Answer, Answers
from bot.editing.measures import measures, sms_with_choices
from bot.profile import load_profile


def show(profile_name: str, topic: Optional[str], out: TextIO) -> int:
    """Print what members see and hear, of one topic or of all; 2 for a topic that there is not."""
    answers = load_answers(profile=load_profile(profile_name))
    if topic is not None and topic not in answers.topics:
        print(f"no topic {topic!r}; there are: {', '.join(answers.topics)}", file=out)
        return 2
    print(shown(answers, topic), file=out)
    return 0


def shown(answers: Answers, topic: Optional[str] = None) -> str:
    """What a member sees and hears, of one topic or of all. Raises KeyError for an unknown topic."""
    topics = answers.topics if topic is None else (topic,)
    return "\n\n".join(_shown(answers.answer(name)) for name in topics)


def _shown(answer: Answer) -> str:
    row = measures(answer)
    lines = [
        f"=== {answer.topic} ({answer.where})",
        f"--- Min side ({row.words} words, LIX {row.lix:.0f}, facts {' '.join(row.facts) or '-'})",
        answer.text,
        *(f"  [{choice.title}]" for choice in answer.choices),
        *(f"  Source: {source.title}, {source.section}" for source in answer.sources),
        f"--- SMS ({row.with_choices} segments, {row.segments} without the choices)",
        sms_with_choices(answer),
    ]
    if answer.aloud != answer.text:
        lines += ["--- Read aloud", answer.aloud]
    return "\n".join(lines)
