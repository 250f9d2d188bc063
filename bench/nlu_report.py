"""How well the held-out messages are understood: `python -m bench.nlu_report` (`make nlu-report`).

Asks the trained model through Rasa's own parsing, writes docs/nlu-report.md and adds today's line to
docs/nlu-history.csv. The messages and how they were made: tests/nlu/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import resource
import statistics
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HELD_OUT = ROOT / "tests/nlu/heldout.tsv"
EARLIER = ROOT / "tests/nlu/heldout_first.tsv"
STOCK = ROOT / "tests/nlu/stock.tsv"
REPORT = ROOT / "docs/nlu-report.md"
HISTORY = ROOT / "docs/nlu-history.csv"
NOW = "2026-11-23T09:00:00+01:00"
OUTSIDE = "out_of_scope"
HISTORY_COLUMNS = (
    "date", "model", "messages", "accuracy", "macro_f1", "worst_style", "caught", "refused",
    "asked", "median_ms", "p95_ms", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A held-out message: what it means and names. "-" where it names nothing.

    `times`, at `NOW`, as `value/grain` or `from..to`, a blank between two; "?" where careful readers differ.
    """

    intent: str
    style: str
    reason: str
    kind: str
    format: str
    text: str
    times: str = "?"


@dataclass(frozen=True)
class Answer:
    """What the model read: the intent of the catalogue as `moedeklar parse` shows it."""

    intent: str
    asked: bool
    """In the "mente du" band: the likeliest is shown, and the member is asked."""
    offered: tuple[str, ...]
    entities: tuple[tuple[str, str], ...]
    """Name and value; a time as in `Line.times`."""
    milliseconds: float


def read(path: Path) -> list[Line]:
    """The messages of a file as in tests/nlu/README.md, in order."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Line(**row) for row in rows]


def ask(agent: Any, lines: Sequence[Line]) -> list[Answer]:
    """Parses every message once, in order, after a short warm-up."""
    from rasa.core.channels.channel import UserMessage

    def parse(text: str) -> dict[str, Any]:
        message = UserMessage(text, metadata={"now": NOW})
        return dict(asyncio.run(agent.processor.parse_message(message)))

    for line in lines[:20]:
        parse(line.text)
    answers = []
    for line in lines:
        begun = time.perf_counter()
        parsed = parse(line.text)
        answers.append(_answer(parsed, (time.perf_counter() - begun) * 1000))
    return answers


def _answer(parsed: dict[str, Any], milliseconds: float) -> Answer:
    from bot.nlu.catalogue import catalogue_name

    ranked = [r["name"] for r in parsed["intent_ranking"] if r["name"] != "nlu_fallback"]
    asked = parsed["intent"]["name"] == "nlu_fallback"
    name = ranked[0] if asked else parsed["intent"]["name"]
    return Answer(
        catalogue_name(name),
        asked,
        tuple(catalogue_name(rank) for rank in ranked[:3]),
        tuple((one["entity"], _value(one)) for one in parsed.get("entities", [])),
        milliseconds,
    )


def _value(entity: Mapping[str, Any]) -> str:
    if entity["entity"] != "time":
        return str(entity["value"])
    said = entity["value"]["parse"]
    if "value" not in said:
        return f"{_local(said['from'])}..{_local(said['to'])}"
    digits = {"day": 10, "week": 10, "month": 7}.get(said["grain"], 16)
    return f"{said['value'][:digits]}/{said['grain']}"


def _local(instant: str | None) -> str:
    return instant[:16] if instant else ""


@dataclass(frozen=True)
class Score:
    """Of one class: how many there are, how many found, precision, recall and their mean."""

    support: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(wanted: Sequence[str], got: Sequence[str], name: str) -> Score:
    """`name` against all others."""
    support = sum(w == name for w in wanted)
    found = sum(g == name for g in got)
    right = sum(w == g == name for w, g in zip(wanted, got, strict=True))
    return Score(support, right / found if found else 0.0, right / support if support else 0.0)


def accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    """The share of pairs that agree; 0 for none."""
    return sum(wanted == got for wanted, got in pairs) / len(pairs) if pairs else 0.0


def entity_scores(
    lines: Sequence[Line], answers: Sequence[Answer], entity: str, of: Callable[[Line], str]
) -> dict[str, Score]:
    """Per value ("-" is none) the score of the first entity of that name."""
    wanted = [of(line) for line in lines]
    got = [next((v for e, v in answer.entities if e == entity), "-") for answer in answers]
    return {value: score(wanted, got, value) for value in sorted(set(wanted))}


def named_score(
    lines: Sequence[Line], answers: Sequence[Answer], entity: str, of: Callable[[Line], str]
) -> Score:
    """Over all values but "-", each message counting the same (micro average)."""
    wanted = [of(line) for line in lines]
    got = [next((v for e, v in answer.entities if e == entity), "-") for answer in answers]
    right = sum(w == g != "-" for w, g in zip(wanted, got, strict=True))
    named, meant = sum(g != "-" for g in got), sum(w != "-" for w in wanted)
    return Score(meant, right / named if named else 0.0, right / meant if meant else 0.0)


def times_read(lines: Sequence[Line], answers: Sequence[Answer]) -> tuple[int, int, int, int]:
    """Messages whose times are read exactly, of those with any; without any but read as one, of those."""
    exact = dated = false = dateless = 0
    for line, answer in zip(lines, answers, strict=True):
        got = sorted(value for entity, value in answer.entities if entity == "time")
        if line.times == "-":
            dateless += 1
            false += bool(got)
        elif line.times != "?":
            dated += 1
            exact += got == sorted(line.times.split())
    return exact, dated, false, dateless


@dataclass(frozen=True)
class Setting:
    """What the figures belong to."""

    model: str
    seed: str
    meaning: bool
    start_seconds: float
    archive_bytes: int
    training: int


def report(
    lines: Sequence[Line],
    answers: Sequence[Answer],
    earlier: tuple[Sequence[Line], Sequence[Answer]],
    stock: tuple[int, int],
    setting: Setting,
    history: Sequence[dict[str, str]],
) -> str:
    """The whole document, in Markdown."""
    parts = [
        "# How well held-out messages are understood",
        "Written by `make nlu-report`; do not edit. How the messages were made: "
        "[tests/nlu/README.md](../tests/nlu/README.md).",
        "## Over time",
        _table(HISTORY_COLUMNS, [[row[c] for c in HISTORY_COLUMNS] for row in history]),
        "## This model",
        _summary(lines, answers, stock, setting),
        "## Styles",
        _styles(lines, answers),
        "## Styles of the earlier held-out messages",
        "Training passes F and H were written when the accuracy per style on these was known, so "
        f"fresh messages were written to measure by. Accuracy here: {_percent(accuracy(_pairs(*earlier)))}.",
        _styles(*earlier),
        "## Intents",
        _intents(lines, answers),
        "## Ten worst confusions",
        _confusions(lines, answers, 10),
        "## All confusions",
        "Every cell of the confusion matrix off the diagonal that is not zero.",
        _confusions(lines, answers, None),
    ]
    if any(answer.entities for answer in answers):
        parts += ["## Reasons, kinds, formats", _entities(lines, answers)]
    return "\n\n".join(parts) + "\n"


def _pairs(lines: Sequence[Line], answers: Sequence[Answer]) -> list[tuple[str, str]]:
    return [(line.intent, answer.intent) for line, answer in zip(lines, answers, strict=True)]


def figures(lines: Sequence[Line], answers: Sequence[Answer]) -> dict[str, float]:
    """The figures of the history, shares between 0 and 1."""
    pairs = _pairs(lines, answers)
    wanted, got = [w for w, _ in pairs], [g for _, g in pairs]
    inside = [(g, a) for (w, g), a in zip(pairs, answers, strict=True) if w != OUTSIDE]
    times = sorted(answer.milliseconds for answer in answers)
    return {
        "accuracy": accuracy(pairs),
        "macro_f1": statistics.mean(score(wanted, got, n).f1 for n in sorted(set(wanted))),
        "worst_style": min(value for _, _, value in _by_style(lines, answers)),
        "caught": score(wanted, got, OUTSIDE).recall,
        "refused": sum(g == OUTSIDE for g, _ in inside) / len(inside),
        "asked": sum(a.asked for _, a in inside) / len(inside),
        "median_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * (len(times) - 1))],
    }


def _summary(
    lines: Sequence[Line], answers: Sequence[Answer], stock: tuple[int, int], setting: Setting
) -> str:
    value = figures(lines, answers)
    asked = [(x, a) for x, a in zip(lines, answers, strict=True) if a.asked and x.intent != OUTSIDE]
    offered = sum(line.intent in answer.offered for line, answer in asked)
    exact, dated, false, dateless = times_read(lines, answers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        ["messages held out", str(len(lines))],
        ["messages trained on", str(setting.training)],
        ["accuracy", _percent(value["accuracy"])],
        ["macro F1", _percent(value["macro_f1"])],
        ["out-of-scope caught", _percent(value["caught"])],
        ["in-scope refused", _percent(value["refused"])],
        ['in-scope asked about ("mente du")', _percent(value["asked"])],
        ["… with the right one among the three offered", f"{offered} of {len(asked)}"],
        ["stock phrases right (also trained on)", f"{stock[0]} of {stock[1]}"],
        ["reasons right, of all messages", _percent(_reasons_right(lines, answers))],
        [
            "times right, of messages that name some",
            f"{_percent(exact / dated)} ({exact} of {dated})",
        ],
        [
            "times read where there are none",
            f"{_percent(false / dateless)} ({false} of {dateless})",
        ],
        ["parse, median / p95", f"{value['median_ms']:.1f} / {value['p95_ms']:.1f} ms"],
        ["start to first parse", f"{setting.start_seconds:.1f} s"],
        ["memory, peak", f"{peak:.0f} MB"],
        ["model archive", f"{setting.archive_bytes / 1e6:.1f} MB ({setting.model})"],
        ["meaning vectors", "used" if setting.meaning else "not available: spelling alone"],
        ["random seed", setting.seed],
    ]
    return _table(("figure", "value"), rows)


def _reasons_right(lines: Sequence[Line], answers: Sequence[Answer]) -> float:
    got = [next((v for e, v in a.entities if e == "reason"), "-") for a in answers]
    return accuracy([(line.reason, one) for line, one in zip(lines, got, strict=True)])


def _by_style(lines: Sequence[Line], answers: Sequence[Answer]) -> list[tuple[str, int, float]]:
    found = []
    for style in sorted({line.style for line in lines}):
        both = [
            (line.intent, answer.intent)
            for line, answer in zip(lines, answers, strict=True)
            if line.style == style
        ]
        found.append((style, len(both), accuracy(both)))
    return found


def _styles(lines: Sequence[Line], answers: Sequence[Answer]) -> str:
    rows = [[style, str(n), _percent(value)] for style, n, value in _by_style(lines, answers)]
    return _table(("style", "messages", "accuracy"), rows)


def _intents(lines: Sequence[Line], answers: Sequence[Answer]) -> str:
    pairs = _pairs(lines, answers)
    wanted, got = [w for w, _ in pairs], [g for _, g in pairs]
    rows = []
    for name in sorted(set(wanted)):
        one = score(wanted, got, name)
        shares = [_percent(value) for value in (one.precision, one.recall, one.f1)]
        rows.append([name, str(one.support), *shares])
    return _table(("intent", "messages", "precision", "recall", "F1"), rows)


def _confusions(lines: Sequence[Line], answers: Sequence[Answer], most: int | None) -> str:
    wrong = Counter((w, g) for w, g in _pairs(lines, answers) if w != g)
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:most]
    return _table(("meant", "understood", "times"), [[w, g, str(n)] for (w, g), n in ordered])


def _entities(lines: Sequence[Line], answers: Sequence[Answer]) -> str:
    columns: tuple[tuple[str, Callable[[Line], str]], ...] = (
        ("reason", lambda line: line.reason),
        ("meeting_kind", lambda line: line.kind),
        ("meeting_format", lambda line: line.format),
    )
    rows = []
    for entity, of in columns:
        scores = entity_scores(lines, answers, entity, of)
        for value, one in {"all but -": named_score(lines, answers, entity, of), **scores}.items():
            shares = [_percent(one.precision), _percent(one.recall)]
            rows.append([entity, value, str(one.support), *shares])
    return _table(("entity", "value", "messages", "precision", "recall"), rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ["---"] * len(header)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, marks, *rows])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _remember(value: dict[str, float], model: str, count: int, note: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    if HISTORY.exists():
        with HISTORY.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    row = {"date": date.today().isoformat(), "model": model, "messages": str(count), "note": note}
    for column, number in value.items():
        row[column] = f"{number:.1f}" if column.endswith("_ms") else f"{number:.4f}"
    same = (model, str(count))
    rows = [kept for kept in rows if (kept["model"], kept["messages"]) != same] + [row]
    with HISTORY.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HISTORY_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def _setting(path: Path, start_seconds: float) -> Setting:
    with tarfile.open(path) as archive:
        stream = archive.extractfile("metadata.json")
        if stream is None:
            raise ValueError(f"{path} is no Rasa model")
        nodes = json.load(stream)["predict_schema"]["nodes"]
    from bot.nlu.intents import DanishIntents
    from bot.nlu.meaning import load_encoder

    uses = "bot.nlu.intents.DanishIntents"
    given = next(node["config"] for node in nodes.values() if node["uses"] == uses)
    ours = {**DanishIntents.get_default_config(), **given}
    messages = sum(
        file.read_text(encoding="utf-8").count("  - text: ")
        for file in (ROOT / "data/nlu").glob("*.yml")
    )
    meaning = ours["meaning"] and load_encoder() is not None
    size = path.stat().st_size
    return Setting(path.name, str(ours["random_seed"]), meaning, start_seconds, size, messages)


def _model(given: Path | None) -> Path:
    if given is not None:
        return given
    from bot.training import ModelError, fitting_model, train

    try:
        return fitting_model()
    except ModelError:
        return train()


def main() -> None:
    """Trains first where no model fits today's sources and none is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a Rasa model archive that was trained here")
    parser.add_argument("--note", default="", help="what changed, for the table over time")
    given = parser.parse_args()
    from bot.training import prepare_environment, quiet_logs

    prepare_environment()
    quiet_logs()
    path = _model(given.model)
    begun = time.perf_counter()
    from rasa.core.agent import Agent

    agent = Agent.load(str(path))
    lines, earlier, stock = read(HELD_OUT), read(EARLIER), read(STOCK)
    ask(agent, stock[:1])
    start_seconds = time.perf_counter() - begun
    answers = ask(agent, lines)
    stock_right = sum(w == g for w, g in _pairs(stock, ask(agent, stock)))
    value = figures(lines, answers)
    history = _remember(value, path.name.removesuffix(".tar.gz"), len(lines), given.note)
    text = report(
        lines,
        answers,
        (earlier, ask(agent, earlier)),
        (stock_right, len(stock)),
        _setting(path, start_seconds),
        history,
    )
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
