"""The marked dialogues, and the model of moves that learns from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.moves import LABELS
from bot.dialogue.reading.notation import label
from bot.dialogue.reading.standing import Standing
from bot.nlu.clauses import MOST, clauses_of
from bot.nlu.dialogues import FOLDER, MarkedDialogue, marked_dialogues
from bot.nlu.move_model import Message, MoveModel, Weights
from bot.nlu.views import bare
from bot.settings import ROOT
from bot.yaml_source import SourceError

HELD_OUT = ROOT / "tests" / "nlu" / "heldout_dialogues"


@pytest.fixture(scope="module")
def training() -> list[MarkedDialogue]:
    return list(marked_dialogues())


@pytest.fixture(scope="module")
def held_out() -> list[MarkedDialogue]:
    return list(marked_dialogues(HELD_OUT))


def test_there_are_enough_dialogues_of_every_situation_and_style(
    training: list[MarkedDialogue], held_out: list[MarkedDialogue]
) -> None:
    assert len(training) >= 600
    assert len(held_out) >= 150
    for dialogues, least in ((training, 8), (held_out, 2)):
        for field in ("situation", "style"):
            values = [getattr(one, field) for one in dialogues]
            assert min(values.count(value) for value in set(values)) >= least
        assert len({one.situation for one in dialogues}) == 7
        assert len({one.style for one in dialogues}) == 13


def test_no_writer_wrote_both_and_no_longer_message_stands_in_both(
    training: list[MarkedDialogue], held_out: list[MarkedDialogue]
) -> None:
    assert not {one.writer for one in training} & {one.writer for one in held_out}
    known = {bare(turn.say) for one in training for turn in one.turns if len(turn.say.split()) > 5}
    assert not known & {bare(turn.say) for one in held_out for turn in one.turns}


def test_every_move_is_marked_often_enough_to_be_learned(training: list[MarkedDialogue]) -> None:
    marked = [label(move) for one in training for turn in one.turns for move in turn.moves]
    assert {name for name in LABELS if marked.count(name) < 3} <= {
        "unclear", "repeat", "ask can", "ask human",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "what"),
    [("moves: [accept, begin holiday]", "is no move"), ("moves: [ask faq/nothing]", "is no move")],
)
def test_a_wrong_mark_is_told_with_file_and_line(tmp_path: Path, wrong: str, what: str) -> None:
    text = (FOLDER / "wka.yml").read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(text) if line.strip().startswith("moves:"))
    text[place] = f"    {wrong}"
    (tmp_path / "wka.yml").write_text("\n".join(text), "utf-8")
    with pytest.raises(SourceError, match=rf"wka\.yml:{place + 1}: .*{what}"):
        list(marked_dialogues(tmp_path))


def _message(text: str, stands: Standing) -> Message:
    return Message(text, stands, np.zeros(8, np.float32), ("short",))


AT_THE_LIST = Standing(open="time", flow="book", shown=5, listing="time", listed=4, was="asked")
AT_THE_YES = Standing(open="confirm", flow="book", shown=3, was="asked")
TURNS: list[tuple[str, Standing, Sequence[str]]] = [
    *[(f"ja {word}", AT_THE_YES, ["accept"]) for word in ("tak", "gør det", "det er fint", "da")],
    *[(f"nej {word}", AT_THE_YES, ["refuse"]) for word in ("tak", "det duer ikke", "hellere ikke", "ellers")],
    *[(f"den {word}", AT_THE_LIST, ["pick"]) for word in ("første", "anden", "sidste", "nederste")],
    *[(f"{word} i stedet", AT_THE_LIST, ["wish"]) for word in ("fredag", "torsdag", "senere", "mandag")],
    *[(f"fint, {word}", AT_THE_LIST, ["pick"]) for word in ("den", "den der", "den tager jeg")],
    *[(f"fint, {word}", AT_THE_YES, ["accept"]) for word in ("den", "den der", "den tager jeg")],
]  # fmt: skip


def _trained() -> MoveModel:
    messages = [_message(text, stands) for text, stands, _ in TURNS]
    return MoveModel.fit(messages, [labels for _, _, labels in TURNS], Weights(c=10), seed=1)


def _likeliest(model: MoveModel, text: str, stands: Standing) -> str:
    [row] = model.probabilities([_message(text, stands)])
    return model.labels[int(row.argmax())]


def test_the_same_words_mean_what_they_mean_where_they_stand() -> None:
    model = _trained()
    assert _likeliest(model, "fint, den der", AT_THE_LIST) == "pick"
    assert _likeliest(model, "fint, den der", AT_THE_YES) == "accept"


def test_a_stored_model_answers_as_the_trained_one(tmp_path: Path) -> None:
    model = _trained()
    model.save(tmp_path)
    again = MoveModel.load(tmp_path)
    messages = [_message("ja det er godt", AT_THE_YES), _message("onsdag i stedet", AT_THE_LIST)]
    assert np.allclose(model.probabilities(messages), again.probabilities(messages), atol=1e-5)
    assert again.labels == model.labels


def test_the_same_seed_trains_the_same_model() -> None:
    messages = [_message("ja ja", AT_THE_YES)]
    assert np.array_equal(_trained().probabilities(messages), _trained().probabilities(messages))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("ja, gør det. Og må min mand komme med?", ["ja", "gør det.", "Og må min mand komme med?"]),
        ("kl. 10 er fint", ["kl. 10 er fint"]),
        ("halv elleve, tak", ["halv elleve, tak"]),
        ("nej det går ikke men torsdag kan jeg", ["nej", "det går ikke", "men torsdag kan jeg"]),
        ("", [""]),
    ],
)
def test_a_message_comes_apart_into_what_each_part_does(text: str, clauses: list[str]) -> None:
    assert [text[begin:stop] for begin, stop in clauses_of(text)] == clauses


def test_a_long_message_has_a_bounded_number_of_clauses() -> None:
    assert len(clauses_of("og så. " * 500)) == MOST
    assert len(clauses_of(" " * 4000)) == 1
