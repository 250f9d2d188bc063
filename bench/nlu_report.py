"""How well the held-out messages are understood: `python -m bench.nlu_report` (`make nlu-report`).

Asks the trained model through Rasa's own parsing, writes docs/nlu-report.md and adds today's line to
docs/nlu-history.csv. The messages and how they were made: tests/nlu/README.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.heldout import EARLIER, HELD_OUT, PLAIN, STOCK, Line, read
from bench.nlu_reading import Answer, ask
from bench.nlu_scores import (
    OUTSIDE,
    accuracy,
    by_style,
    entity_scores,
    figures,
    named_score,
    pairs_of,
    reasons_right,
    score,
    times_read,
)

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs/nlu-report.md"
HISTORY = ROOT / "docs/nlu-history.csv"
HISTORY_COLUMNS = (
    "date", "model", "messages", "accuracy", "macro_f1", "worst_style", "caught", "refused",
    "asked", "median_ms", "p95_ms", "note",
)  # fmt: skip


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
    plain: tuple[Sequence[Line], Sequence[Answer]],
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
        "fresh messages were written to measure by. "
        f"Accuracy here: {_percent(accuracy(pairs_of(*earlier)))}.",
        _styles(*earlier),
        "## Plain messages",
        "The shortest and most ordinary way to say each thing. "
        f"Accuracy on {len(plain[0])}: {_percent(accuracy(pairs_of(*plain)))}. What was misunderstood:",
        _confusions(*plain, None),
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
        ["reasons right, of all messages", _percent(reasons_right(lines, answers))],
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


def _styles(lines: Sequence[Line], answers: Sequence[Answer]) -> str:
    rows = [[style, str(n), _percent(value)] for style, n, value in by_style(lines, answers)]
    return _table(("style", "messages", "accuracy"), rows)


def _intents(lines: Sequence[Line], answers: Sequence[Answer]) -> str:
    pairs = pairs_of(lines, answers)
    wanted, got = [w for w, _ in pairs], [g for _, g in pairs]
    rows = []
    for name in sorted(set(wanted)):
        one = score(wanted, got, name)
        shares = [_percent(value) for value in (one.precision, one.recall, one.f1)]
        rows.append([name, str(one.support), *shares])
    return _table(("intent", "messages", "precision", "recall", "F1"), rows)


def _confusions(lines: Sequence[Line], answers: Sequence[Answer], most: int | None) -> str:
    wrong = Counter((w, g) for w, g in pairs_of(lines, answers) if w != g)
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
    lines, earlier, plain, stock = (read(file) for file in (HELD_OUT, EARLIER, PLAIN, STOCK))
    ask(agent, stock[:1])
    start_seconds = time.perf_counter() - begun
    answers = ask(agent, lines)
    stock_right = sum(w == g for w, g in pairs_of(stock, ask(agent, stock)))
    value = figures(lines, answers)
    history = _remember(value, path.name.removesuffix(".tar.gz"), len(lines), given.note)
    text = report(
        lines,
        answers,
        (earlier, ask(agent, earlier)),
        (plain, ask(agent, plain)),
        (stock_right, len(stock)),
        _setting(path, start_seconds),
        history,
    )
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
