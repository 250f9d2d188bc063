"""How well held-out turns are read where they stand: `python -m bench.moves_report` (`make nlu-report`).

Each held-out turn goes through Rasa's own parsing and through `bot.dialogue.reading`, with the standing that
is written beside it; what comes out is compared with the marks. Writes docs/moves-report.md.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Optional

from bot.backend.contract import FreeTime, Office
from bot.clock import read_instant
from bot.dialogue.reading import read, read_evidence
from bot.dialogue.reading.notation import TALK, label, written
from bot.dialogue.reading.reading import pressed
from bot.dialogue.reading.standing import Standing
from bot.dialogue.state import Dialogue, Flow
from bot.dialogue.turn import Turn
from bot.dialogue.wording import wording
from bot.nlu.dialogues import MarkedDialogue, MarkedTurn, marked_dialogues
from bot.settings import ROOT

HELD_OUT = ROOT / "tests" / "nlu" / "heldout_dialogues"
SECOND = ROOT / "tests" / "nlu" / "heldout_second_marks.tsv"
REPORT = ROOT / "docs" / "moves-report.md"

_OFFICE = Office(id="o", name="Lokalafdeling", address="Vej 1")


@dataclass(frozen=True)
class Compared:
    """One turn: what is marked, what was read."""

    dialogue: MarkedDialogue
    turn: MarkedTurn
    marked: frozenset[str]
    got: frozenset[str]

    @property
    def acts_right(self) -> bool:
        """Whether all that asks for something is read, and nothing else is."""
        return self.marked - TALK == self.got - TALK


def dialogue_of(stands: Standing, now: str) -> Dialogue:
    """A dialogue that stands as it is written; what is offered has ids and no adviser."""
    offered = tuple(_free(f"t{n}", start) for n, start in enumerate(stands.offered))
    flow = None
    if stands.flow is not None:
        chosen = next((one for one in offered if one.start == stands.chosen), None)
        flow = Flow(
            name=stands.flow, at=read_instant(now), menu="m", offered=offered,
            asked=None if stands.open in ("nothing", "offer", "choices") else stands.open,  # type: ignore[arg-type]
            chosen=chosen, about=stands.about,
        )  # fmt: skip
    shown: list[dict[str, Any]] = [{"intent": "inform", "menu": "m"} for _ in range(stands.shown)]
    for place, intent in enumerate(stands.ways[: len(shown)]):
        shown[place] = {"intent": intent, "start": True}
    for place in range(min(stands.listed, len(shown))):
        assert stands.listing is not None
        shown[place][stands.listing] = f"t{place}"
    offer = {"intent": stands.offers} if stands.offers else None
    return Dialogue(flow=flow, offer=offer, shown=tuple(shown), topic=stands.topic, was=stands.was)


def _free(id: str, start: Any) -> FreeTime:
    return FreeTime(
        id=id, start=start, end=start + timedelta(minutes=45), kinds=["raadighed"],
        formats=["in_person", "digital"], office=_OFFICE, adviser="",
    )  # fmt: skip


def compare(dialogues: Iterable[MarkedDialogue], agent: Any) -> Iterator[Compared]:
    """Every turn, read by the trained model and the reading."""
    from rasa.core.channels.channel import UserMessage

    answers = wording("standard").answers
    for dialogue in dialogues:
        for turn in dialogue.turns:
            kept = dialogue_of(turn.stands, dialogue.now)
            metadata = {
                "now": dialogue.now, "stands": turn.stands.json(exclude_defaults=True),
                "message_id": "m", "member": "m1", "verified": True,
                "waiting": turn.stands.waiting, "channel": "min_side",
            }  # fmt: skip
            message = UserMessage(turn.say, metadata=metadata)
            parsed = asyncio.run(agent.processor.parse_message(message))
            made = read(read_evidence({**parsed, "metadata": metadata}), kept, answers)
            yield Compared(dialogue, turn, _marks(turn), read_marks(made, kept))


def read_marks(turn: Turn, dialogue: Dialogue) -> frozenset[str]:
    """What was read, as it is marked."""
    number = _number(turn, dialogue)
    if number is not None and "meeting" in dialogue.shown[number - 1]:
        return frozenset(
            {"this", *(str(written(m)) for m in turn.moves if written(m) != "accept")} - {"None"}
        )
    marks = {written(move, number) for move in turn.moves}
    if number is not None and not turn.accepts:
        marks.add(f"accept {number}")
    offered = _taking(str(dialogue.offer["intent"])) if dialogue.offer and not dialogue.flow else {}
    wish = turn.wish
    if "begin format" in marks and wish is not None and not wish.times:
        marks.discard("wish")  # how a meeting is to be held is the matter itself
    return frozenset(offered.get(mark, mark) for mark in marks if mark is not None)


def _taking(intent: str) -> dict[str, str]:
    """A yes to an offer is what it offers."""
    move = next(iter(pressed({"intent": intent})), None)
    taken = written(move) if move else None
    return {"accept": taken} if taken else {}


def _number(turn: Turn, dialogue: Dialogue) -> Optional[int]:
    if turn.choice is not None and turn.choice.get("start"):
        return None  # it is read as the move that it stands for
    for place, payload in enumerate(dialogue.shown, start=1):
        if turn.choice is payload or (
            turn.choice and turn.choice.get("time") == payload.get("time", 0)
        ):
            return place
    return None


def _marks(turn: MarkedTurn) -> frozenset[str]:
    """The marks; the number of a way on is that way, and where only one thing was listed, a plain yes."""
    same = {"accept 1": "accept"} if turn.stands.listed == 1 else {}
    if turn.stands.offers:
        same |= _taking(turn.stands.offers)
    for number, intent in enumerate(turn.stands.ways, start=1):
        move = next(iter(pressed({"intent": intent})), None)
        same[f"accept {number}"] = (written(move) if move else None) or f"accept {number}"
    if (
        turn.stands.open == "meeting"
    ):  # which meeting is meant is settled by the flow, from the records
        same |= {f"accept {number}": "this" for number in range(1, turn.stands.listed + 1)}
    return frozenset(same.get(mark, mark) for mark in turn.moves)


def report(compared: Sequence[Compared], model: str) -> str:
    """The document, in Markdown."""
    parts = [
        "# How well held-out turns are read where they stand",
        "Written by `make nlu-report`; do not edit. The dialogues: `tests/nlu/heldout_dialogues`, written by "
        "others than the training data, as answers to the bot's real replies, and marked by their writers.",
        f"Model `{model}`, {len({c.dialogue.name for c in compared})} dialogues, {len(compared)} turns.",
        _table(("figure", "value"), _figures(compared)),
        "## How far two markers agree",
        "Somebody else marked the turns of one writer again, with the same guide and without seeing the "
        "marks. What two markers do not agree on, no reader can have right by both.",
        _table(("figure", "value"), _agreement(compared)),
        "## By what was open", _by(compared, lambda c: c.turn.stands.open),
        "## By how it is written", _by(compared, lambda c: c.dialogue.style),
        "## By situation", _by(compared, lambda c: c.dialogue.situation),
        "## By move", _moves(compared),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _figures(compared: Sequence[Compared]) -> list[tuple[str, str]]:
    acts = sum(c.acts_right for c in compared)
    marked = Counter(mark for c in compared for mark in c.marked)
    both = sum(len(c.marked & c.got) for c in compared)
    got = sum(len(c.got) for c in compared)
    whole: dict[str, bool] = defaultdict(lambda: True)
    for c in compared:
        whole[c.dialogue.name] &= c.acts_right
    lead = sum(bool((c.marked & c.got) - TALK) or not (c.marked - TALK) for c in compared)
    asked = Counter(label(mark) for c in compared for mark in c.marked - TALK)
    right = sum(len((c.marked & c.got) - TALK) for c in compared)
    read_as = sum(len(c.got - TALK) for c in compared)
    return [
        ("moves that ask for something, read of those marked", _share(right, sum(asked.values()))),
        ("moves that ask for something, marked of those read", _share(right, read_as)),
        ("moves read of those marked (recall)", _share(both, sum(marked.values()))),
        ("moves marked of those read (precision)", _share(both, got)),
        ("turns with everything that asks for something right", _share(acts, len(compared))),
        ("turns with at least one such move right", _share(lead, len(compared))),
        ("whole dialogues right", _share(sum(whole.values()), len(whole))),
    ]


def _agreement(compared: Sequence[Compared]) -> list[tuple[str, str]]:
    again = second_marks()
    places: Counter[str] = Counter()
    pairs: list[tuple[str, frozenset[str], frozenset[str]]] = []
    for c in compared:
        places[c.dialogue.name] += 1
        second = again.get((c.dialogue.name, places[c.dialogue.name]))
        if second is not None:
            pairs.append((c.dialogue.name, frozenset(c.turn.moves), second))
    both = sum(len(first & second) for _, first, second in pairs)
    same = [(name, first - TALK == second - TALK) for name, first, second in pairs]
    whole: dict[str, bool] = defaultdict(lambda: True)
    for name, agreed in same:
        whole[name] &= agreed
    return [
        (
            "moves of the first also marked by the second",
            _share(both, sum(len(f) for _, f, _ in pairs)),
        ),
        (
            "moves of the second also marked by the first",
            _share(both, sum(len(s) for _, _, s in pairs)),
        ),
        (
            "turns with the same moves that ask for something",
            _share(sum(s for _, s in same), len(same)),
        ),
        ("whole dialogues with the same", _share(sum(whole.values()), len(whole))),
    ]


def second_marks() -> dict[tuple[str, int], frozenset[str]]:
    """By dialogue and the place of the turn in it (from 1): how somebody else marked it."""
    with SECOND.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        return {
            (row["dialogue"], int(row["turn"])): frozenset(
                m.strip() for m in row["moves"].split(";")
            )
            for row in rows
        }


def _by(compared: Sequence[Compared], key: Any) -> str:
    groups: dict[str, list[Compared]] = defaultdict(list)
    for c in compared:
        groups[key(c)].append(c)
    rows = []
    for name, each in sorted(groups.items(), key=lambda one: -len(one[1])):
        marks = sum(len(c.marked) for c in each)
        both = sum(len(c.marked & c.got) for c in each)
        acts = _share(sum(c.acts_right for c in each), len(each))
        rows.append((name, str(len(each)), _share(both, marks), acts))
    return _table(("", "turns", "moves read", "acts right"), rows)


def _moves(compared: Sequence[Compared]) -> str:
    wanted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for c in compared:
        for mark in c.marked:
            wanted[label(mark)] += 1
            right[label(mark)] += mark in c.got
        for mark in c.got - c.marked:
            false[label(mark)] += 1
    rows = [
        (name, str(count), str(right[name]), str(false[name]))
        for name, count in wanted.most_common()
    ]
    return _table(("move", "marked", "read", "read wrongly"), rows)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part} of {whole})" if whole else "none"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Ask the model that fits, write the report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=HELD_OUT)
    options.add_argument("--out", type=Path, default=REPORT)
    chosen = options.parse_args()
    from bot.training import fitting_model, prepare_environment, quiet_logs

    model = fitting_model()
    prepare_environment()
    quiet_logs()
    os.chdir(ROOT)
    from rasa.core.agent import Agent

    compared = list(compare(marked_dialogues(chosen.folder), Agent.load(str(model))))
    text = report(compared, model.name)
    chosen.out.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
