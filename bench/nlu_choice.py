"""How the model was chosen: `.venv/bin/python -m bench.nlu_choice` writes docs/nlu-choice.md.

Cross-validation on the training messages alone; the held-out ones are for bench.nlu_report. Takes some
twenty minutes on an idle core. After messages were added, refresh their stored vectors first:
`.venv/bin/python -m bot.nlu.meaning`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray

from bench.heldout import HELD_OUT, read
from bench.nlu_intents_cv import (
    CANDIDATES,
    Floats,
    Material,
    machine,
    machine_meaning,
    training_messages,
)
from bench.nlu_languages import foreign_sentences, identifiers, refused_by
from bench.nlu_reasons_cv import WAYS, Reasons, Share, probabilities, shares
from bot.clock import COPENHAGEN
from bot.nlu.analysis import PERSON
from bot.nlu.catalogue import catalogue_name
from bot.nlu.linear import IntentModel, Training
from bot.nlu.meaning import load_encoder
from bot.nlu.times import read_times

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs/nlu-choice.md"
TEXT = Path(__file__).with_name("nlu_choice.md")
SEEDS = (1, 2, 3)
FOLDS = 3
OUTSIDE = "out_of_scope"
NOW = datetime(2026, 11, 23, 9, tzinfo=COPENHAGEN)
SPELLING_SHARPNESS, MEANING_SHARPNESS = 6.5, 6.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="of the random folds")
    seeds = SEEDS[: parser.parse_args().seeds]
    begun = time.perf_counter()
    material = Material(training_messages())
    tables = {"messages": str(len(material.texts)), "seeds": str(len(seeds)), "folds": str(FOLDS)}
    tables["by_writer"], spelt, meant = _by_writer(material)
    tables["cascade"] = _cascade(material, spelt, meant)
    tables["bands"] = _bands(material, meant)
    tables["confusions"] = _confusions(material, meant)
    tables["reasons"], tables["each_reason"] = _reasons(material, meant)
    tables["guarded"] = _guarded(material)
    tables["languages"] = _languages(material)
    tables["at_random"] = _at_random(material, seeds)
    tables["minutes"] = f"{(time.perf_counter() - begun) / 60:.0f}"
    text = Template(TEXT.read_text(encoding="utf-8")).substitute(tables)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def _said(message: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {message}", flush=True)


def _at_random(material: Material, seeds: Sequence[int]) -> str:
    names = np.unique(material.labels)
    scores: dict[str, list[dict[str, float]]] = {name: [] for name in CANDIDATES}
    for seed in seeds:
        margins = {name: np.zeros((len(material.texts), len(names))) for name in CANDIDATES}
        for kept, left_out in material.at_random(seed, FOLDS):
            fold = material.fold(kept, left_out, seed)
            for name, candidate in CANDIDATES.items():
                margins[name][left_out] = candidate(fold)
                _said(f"seed {seed}: {name}")
        for name, all_margins in margins.items():
            scores[name].append(_accuracies(material, names[all_margins.argmax(axis=1)]))
    return _accuracy_table(
        (name, {k: [one[k] for one in found] for k in found[0]}) for name, found in scores.items()
    )


def _by_writer(material: Material) -> tuple[str, Floats, Floats]:
    names = np.unique(material.labels)
    spelt, meant = (np.zeros((len(material.texts), len(names))) for _ in range(2))
    for kept, left_out in material.by_writer():
        fold = material.fold(kept, left_out, 1)
        spelt[left_out], meant[left_out] = machine(fold), machine_meaning(fold)
        _said(f"writer {material.passes[left_out[0]]}")
    rows = []
    for title, margins in (("spelling alone", spelt), ("with meaning", meant)):
        predicted = names[margins.argmax(axis=1)]
        for writer in ("all", *sorted(set(material.passes))):
            chosen = np.ones(len(material.texts), dtype=bool)
            if writer != "all":
                chosen = material.passes == writer
            found = _accuracies(material, predicted, chosen)
            rows.append((f"{title}, {writer}", {k: [v] for k, v in found.items()}))
    return _accuracy_table(iter(rows)), spelt, meant


def _accuracies(
    material: Material, predicted: Sequence[str], chosen: NDArray[np.bool_] | None = None
) -> dict[str, float]:
    right = np.asarray(predicted) == material.labels
    mask = np.ones(len(right), dtype=bool) if chosen is None else chosen
    found = {"all": float(right[mask].mean())}
    for style in sorted(set(material.styles)):
        found[style] = float(right[mask & (material.styles == style)].mean())
    return found


def _accuracy_table(rows: Iterator[tuple[str, dict[str, list[float]]]]) -> str:
    lines: list[str] = []
    for name, found in rows:
        if not lines:
            lines = [_row(["", *found]), _row(["---"] * (len(found) + 1))]
        cells = [
            f"{100 * np.mean(v):.1f}"
            + (f" ± {100 * np.std(v):.1f}" if len(v) > 1 and k == "all" else "")
            for k, v in found.items()
        ]
        lines.append(_row([name, *(cell.replace("nan", "–") for cell in cells)]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cascade(material: Material, spelt: Floats, meant: Floats) -> str:
    """What it costs in accuracy to ask the meaning only where spelling is unsure."""
    names = np.unique(material.labels)
    first = probabilities(spelt, SPELLING_SHARPNESS)
    second = probabilities(meant, MEANING_SHARPNESS)
    lines = [_row(["asked below", "messages asked", "accuracy"]), _row(["---"] * 3)]
    for bound in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01):
        asked = first.max(axis=1) < bound
        chances = np.where(asked[:, None], second, first)
        right = (names[chances.argmax(axis=1)] == material.labels).mean()
        shown = "always" if bound > 1 else "never" if not bound else str(bound)
        lines.append(_row([shown, f"{100 * asked.mean():.0f} %", f"{100 * right:.2f} %"]))
    return "\n".join(lines)


def _bands(material: Material, meant: Floats) -> str:
    names = np.unique(material.labels)
    chances = probabilities(meant, MEANING_SHARPNESS)
    best, outside = names[chances.argmax(axis=1)], material.labels == OUTSIDE
    likely = chances.max(axis=1)
    lines = [
        _row(
            [
                "refuse below",
                "sure above",
                "out of scope caught",
                "in scope refused",
                "in scope asked",
            ]
        ),
        _row(["---"] * 5),
    ]
    for refuse, sure in ((0.0, 0.0), (0.15, 0.4), (0.2, 0.45), (0.25, 0.5), (0.3, 0.6)):
        refused = (best == OUTSIDE) | (likely < refuse)
        asked = ~refused & (likely < sure)
        cells = [refused[outside].mean(), refused[~outside].mean(), asked[~outside].mean()]
        lines.append(_row([str(refuse), str(sure), *(f"{100 * c:.1f} %" for c in cells)]))
    return "\n".join(lines)


def _confusions(material: Material, meant: Floats) -> str:
    predicted = np.unique(material.labels)[meant.argmax(axis=1)]
    wrong: dict[tuple[str, str], int] = {}
    for pair in zip(material.labels, predicted, strict=True):
        if pair[0] != pair[1]:
            wrong[pair] = wrong.get(pair, 0) + 1
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:15]
    lines = [_row(["meant", "understood", "times"]), _row(["---"] * 3)]
    lines += [_row([catalogue_name(w), catalogue_name(g), str(n)]) for (w, g), n in ordered]
    return "\n".join(lines)


def _reasons(material: Material, meant: Floats) -> tuple[str, str]:
    reasons = Reasons(material)
    names = [catalogue_name(name) for name in np.unique(material.labels)]
    chances = probabilities(meant, MEANING_SHARPNESS)
    ways = [_row(["", "intent", "precision", "recall", "F1"]), _row(["---"] * 5)]
    each = [_row(["reason", "messages", "precision", "recall", "F1"]), _row(["---"] * 5)]
    for way in WAYS:
        for intent, got in reasons.read(way, chances, names).items():
            found = shares(reasons.wanted, got)
            ways.append(_row([way.name, intent, *_percents(found["all"])]))
            if way == WAYS[0] and intent == "predicted":
                each += [_row([n, str(s.count), *_percents(s)]) for n, s in found.items()]
        _said(f"reasons: {way.name}")
    return "\n".join(ways), "\n".join(each)


def _percents(share: Share) -> list[str]:
    return [f"{100 * value:.1f} %" for value in (share.precision, share.recall, share.f1)]


def _guarded(material: Material) -> str:
    """Times of the training messages that the guard of persons' names takes away."""
    taken = []
    for text, analysis in zip(material.texts, material.analyses, strict=True):
        for time_found in read_times(text, NOW):
            word = text[time_found.begin : time_found.stop]
            if word.isalpha() and not word.islower():
                taken += [
                    f"“{text[name.begin : name.stop]}”"
                    for name in analysis.names()
                    if name.kind == PERSON
                    and name.begin <= time_found.begin
                    and time_found.stop <= name.stop
                ]
    return ", ".join(sorted(set(taken))) or "none"


def _languages(material: Material) -> str:
    encoder = load_encoder()
    assert encoder is not None
    groups = [str(writer) for writer in material.passes]
    model = IntentModel.fit(
        material.texts, material.labels.tolist(), groups, material.vectors, Training()
    )
    danish = [line.text for line in read(HELD_OUT) if line.intent != OUTSIDE]
    tables = {**foreign_sentences(), "Danish, in scope": danish}
    lines = [_row(["", *tables]), _row(["---"] * (len(tables) + 1))]
    shares_of = [refused_by(model, encoder, texts) for texts in tables.values()]
    lines.append(_row(["this classifier", *(f"{100 * share:.0f} %" for share in shares_of)]))
    for name, is_foreign in identifiers().items():
        cells = [sum(map(is_foreign, texts)) / len(texts) for texts in tables.values()]
        lines.append(_row([name, *(f"{100 * cell:.0f} %" for cell in cells)]))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
