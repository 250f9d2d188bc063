"""What is read from a message's own words."""

from __future__ import annotations

import pytest

from tests.dialogue.records import turn


@pytest.mark.parametrize(
    "text",
    [
        "hvor lang tid tager det", "og hvem er det med", "kan jeg tage min hund med", "er det slemt",
        "må man godt det", "skal i bruge lægeerklæring", "mister jeg penge", "tandlæge?", "har du set det",
    ],
)  # fmt: skip
def test_a_question_without_its_mark_is_one(text: str) -> None:
    assert turn("inform", text).asks


@pytest.mark.parametrize(
    "text",
    [
        "skal til tandlæge", "er i Spanien", "kan ikke gå", "har feber", "får besøg af taksator",
        "kommer fra lægen nu", "jeg ved ikke hvad det er", "bliver opereret", "",
    ],
)  # fmt: skip
def test_a_statement_is_none(text: str) -> None:
    assert not turn("inform", text).asks
