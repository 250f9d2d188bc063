"""Danish text for members that stands in Python instead of in `data/`, found by reading the source."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Optional

NOT_FOR_MEMBERS = (
    "bot/nlu",  # reads what members write, and says nothing
    "bot/editing",  # reads the answers
    "bot/desk",  # speaks to staff
    "bot/chat.py", "bot/chat_sms.py", "bot/gateway/demo.py",  # speak to developers
    "bot/backend/document.py",  # examples of what the API answers
)  # fmt: skip
"""Rooms and files whose Danish no member gets to read."""

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = re.compile(r"(?=.*[bcdfghjklmnpqrstvxz])[a-zæøå]{2,}")
_PATTERN = re.compile(r"\\[bwsdWSD]|\(\?|\[\^|\w\|\w")
_DANISH = frozenset(
    "af afbud alle bliver blev book booke booket dem deres det dette dig din dine disse dit du efter "
    "eller en end er et fordi fra frist gerne gik har hej hos hvad hvem hvilken hvis hvor hvordan "
    "hvornår ikke indkaldt ingen jeg jer kan kom komme kontakt kunne medarbejder med meldt mere mig "
    "min mine mit mødet møde nej noget nogle nu når og også os prøv ring sig skal skriv som stadig "
    "svar svarer tak tid tiden til ud uden vælg vi vil vores være ved".split()
)
_ENGLISH = frozenset(
    "and are give has it never not of or that the their they this when with".split()
)
_NAME = "mødeklar"
_MARKS = 2
"""So many different Danish words make three words or more a Danish text; æ, ø and å make one Danish."""


@dataclass(frozen=True)
class Found:
    """A Danish text in a source file."""

    path: Path
    line: int
    text: str


def danish_texts(root: Path, rooms: tuple[str, ...] = ("bot", "actions")) -> list[Found]:
    """Every Danish text in the rooms' Python files, but for those that only read Danish."""
    found: list[Found] = []
    for room in rooms:
        for path in sorted((root / room).rglob("*.py")):
            place = path.relative_to(root)
            if not any(place.is_relative_to(other) for other in NOT_FOR_MEMBERS):
                found += in_source(path.read_text("utf-8"), place)
    return found


def in_source(source: str, path: Path) -> list[Found]:
    """The Danish texts of one file. Docstrings, comments, patterns and single words are none."""
    tree = ast.parse(source, str(path))
    passed = {id(node) for node in _docstrings(tree)}
    found: list[Found] = []
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
        text = _text(node)
        if text is not None and is_danish_text(text):
            found.append(Found(path, node.lineno, " ".join(text.split())))  # type: ignore[attr-defined]
    return found


def is_danish_text(text: str) -> bool:
    """Whether a string is something said in Danish: a sentence or a part of one, not a word or a list."""
    if _PATTERN.search(text):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    written = {word for word in words if _LETTERS.fullmatch(word)} - {_NAME}
    letters = {word for word in written if re.search("[æøå]", word)}
    ended = bool(letters) and len(words) >= 2 and text.rstrip().endswith((".", "!", "?"))
    if (
        not letters and len(written & _ENGLISH) >= _MARKS
    ):  # an English sentence that names Danish words
        return False
    return ended or (len(words) >= 3 and len(letters | (written & _DANISH)) >= _MARKS)


def _text(node: ast.AST) -> Optional[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return "".join(str(part) for part in parts)
    return None


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    """Bare string statements: docstrings of modules, classes, functions and of what stands above them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
