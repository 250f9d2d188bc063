"""The desk's files: every reason has its words, every placeholder is known, faults name their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.backend.contract import Action, Assessment
from bot.desk import on_behalf
from bot.desk.handover import Outcome
from bot.desk.looks import What
from bot.desk.waiting import Waiting
from bot.desk.words import READY_MADE, TOLD, WORDS, desk_words, load_desk_words
from bot.dialogue.reply import Why
from bot.gsm7 import foreign
from bot.yaml_source import SourceError

ALL: dict[str, Any] = {
    name: name
    for name in (
        "place",
        "case",
        "phone",
        "minutes",
        "closes",
        "opens",
        "day",
        "staff",
        "receipt",
        "kind",
    )
}


class Words:
    """Stands for a meeting: any field is a word."""

    def __getattr__(self, name: str) -> str:
        if name not in {"definite", "one", "name", "when", "where", "short", "adviser"}:
            raise AttributeError(name)
        return name


@pytest.mark.parametrize("key", sorted(desk_words().told.replies))
def test_every_text_can_be_filled_in_and_sent_as_a_text_message(key: str) -> None:
    said = desk_words().said(key, meeting=Words(), old=Words(), **ALL)
    assert said.text
    assert foreign(said.sms) == ()


def test_every_text_is_used_and_every_used_one_is_there() -> None:
    sources = "".join(
        (Path(on_behalf.__file__).parent / f"{name}.py").read_text("utf-8")
        for name in ("on_behalf", "waiting", "handover")
    )
    used = set(
        re.findall(
            r'"(did_\w+|queued\w*|case_made|follow_up|never_open|left|not_waiting)"', sources
        )
    )
    made = {f"choice_{wish}" for wish in ("place", "leave")} | {"back_in_queue"}
    assert used | made == set(desk_words().told.replies)


def test_the_words_name_all_that_there_is() -> None:
    words = desk_words().words
    assert set(get_args(Why)) | {"bot_failed", "notice_failed"} == set(words.reasons)
    assert set(get_args(Outcome)) == set(words.outcomes)
    assert set(get_args(Action)) <= set(words.actions)
    assert set(get_args(Assessment)) == set(words.assessments)
    assert set(get_args(What)) == set(words.looks)


@pytest.mark.parametrize(
    ("text", "payload", "wish"),
    [
        ("Forlad  køen!", None, "leave"), ("forlad", None, None), ("", None, None),
        ("hvor langt er jeg?", None, "place"), ("x", {"queue": "leave"}, "leave"),
        ("forlad køen", {"intent": "affirm"}, None), ("x", {"queue": ["leave"]}, None),
    ],
)  # fmt: skip
def test_what_is_about_the_queue(text: str, payload: Any, wish: str | None) -> None:
    assert Waiting(None, desk_words()).wish(text, payload) == wish


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (READY_MADE, "{phone}", "{telefon}", "unknown placeholder telefon"),
        (READY_MADE, "title: Farvel", "titel: Farvel", "is missing"),
        (TOLD, "{case}", "{case", "is_wrong"),
        (WORDS, "urgency: 3", "urgency: 4", "less than or equal to 3"),
    ],
)
def test_a_faulty_file_names_its_line(
    tmp_path: Path, file: Path, old: str, new: str, said: str
) -> None:
    broken = tmp_path / file.name
    broken.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    files = {each: (broken if each == file else each) for each in (TOLD, WORDS, READY_MADE)}
    with pytest.raises(SourceError) as fault:
        load_desk_words(*files.values())
    assert re.search(rf"{file.name}:\d+: ", str(fault.value))
    assert said in str(fault.value) or said == "is_wrong"
