"""The texts of the inbox: complete, checked when they are loaded, receipts that are read without mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.backend.inbox import MESSAGES, load_texts
from bot.backend.receipts import LETTERS, new_receipt
from bot.backend.refusals import STATUS
from bot.backend.work import House
from bot.database import reading
from bot.settings import ROOT
from bot.yaml_source import SourceError

FILE = ROOT / "data" / "replies" / "inbox.yml"


def test_every_message_and_refusal_has_a_text_with_its_receipt() -> None:
    texts = load_texts()
    assert set(texts.messages) == set(MESSAGES)
    assert set(texts.refusals) == set(STATUS)
    assert all("{receipt}" in template.text for template in texts.messages.values())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{old_when}", "{old_wen}", "unknown placeholder old_wen"),
        ("  move:", "  moved:", "missing: move; not known: moved"),
        ("  overlap:", "  overlapping:", "missing: overlap"),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = tmp_path / "inbox.yml"
    path.write_text(FILE.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(SourceError) as error:
        load_texts(path)
    assert str(error.value).startswith(f"{path}:")
    assert says in str(error.value)


def test_receipts_are_short_readable_and_new(house: House) -> None:
    with reading(house.engine) as session:
        found = {new_receipt(session) for _ in range(200)}
    assert len(found) == 200
    for receipt in found:
        mark, *groups = receipt.split("-")
        assert mark == "MK"
        assert [len(group) for group in groups] == [4, 4]
        assert set("".join(groups)) <= set(LETTERS)
    assert set(LETTERS).isdisjoint("O0I1LZSBU")
