"""That the member's words are read in one place: flows and answers get moves, and can't look at the text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.dialogue.turn import Turn
from bot.settings import ROOT

FOLDER = ROOT / "bot" / "dialogue"
KNOW_TEXTS_OF_THEIR_OWN = {
    "answers.py", "context.py", "answer_reading.py", "read_aloud.py", "answer_file.py", "profile_words.py",
}  # fmt: skip
"""These read the files of `data/answers`; what they know of members' words is asked for by the reading."""

CONSUMERS = sorted(path for path in FOLDER.glob("*.py") if path.name not in KNOW_TEXTS_OF_THEIR_OWN)


@pytest.mark.parametrize("path", CONSUMERS, ids=lambda path: path.name)
def test_flows_and_answers_know_no_pattern_and_no_evidence(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [str(node.module)]
        assert "re" not in names
        assert not any(name.startswith("bot.dialogue.reading") for name in names)


def test_a_turn_has_no_text() -> None:
    assert not {"text", "intent", "ranking", "entities"} & set(Turn.__dataclass_fields__)


def test_only_the_note_of_a_reason_keeps_the_members_words() -> None:
    """What goes into the record beside a reason is the member's own words; nothing else of a move is."""
    moves = ast.parse((FOLDER / "moves.py").read_text("utf-8"))
    with_words = {
        node.name
        for node in moves.body if isinstance(node, ast.ClassDef)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and getattr(field.target, "id", "") == "words"
    }  # fmt: skip
    assert with_words == {"GiveReason", "Tell"}
