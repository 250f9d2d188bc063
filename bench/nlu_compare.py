"""This pipeline beside others, in one run: `.venv/bin/python -m bench.nlu_compare`.

On the own held-out messages and on xSID (Danish; `--xsid DIR`, by default `shared/xsid` beside the
checkout), skipped with a line where it is not there. Every candidate runs in a process of its own, one
thread, trained through its own framework's training. Writes docs/nlu-compare.md and .svg.
`--only NAME` repeats one candidate and keeps the others' figures (bench/nlu_compare.json).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.nlu_candidates import CANDIDATES, SETS, read_sets
from bench.nlu_times import times_table

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench/nlu_compare.json"
REPORT = ROOT / "docs/nlu-compare.md"
PLOT = ROOT / "docs/nlu-compare.svg"
XSID = ROOT.parent / "shared/xsid"
COLUMNS = (
    ("accuracy", "accuracy", "{:.1%}"),
    ("macro_f1", "macro F1", "{:.1%}"),
    ("noisy", "with typing noise", "{:.1%}"),
    ("auroc", "unknown told from known, AUROC", "{:.3f}"),
    ("train_seconds", "training, s", "{:.0f}"),
    ("start_seconds", "start to first parse, s", "{:.1f}"),
    ("median_ms", "parse, median ms", "{:.1f}"),
    ("p95_ms", "p95 ms", "{:.1f}"),
    ("memory_mb", "memory, MB", "{:.0f}"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--xsid", type=Path, default=XSID, metavar="DIR")
    parser.add_argument("--only", choices=sorted(CANDIDATES), help="one candidate")
    parser.add_argument("--set", choices=SETS, dest="only_set", help="one set of messages")
    given = parser.parse_args()
    partly = given.only or given.only_set
    kept = _kept()
    results = kept if partly else {"times": kept.get("times", {})}
    for name in [given.only] if given.only else CANDIDATES:
        for on in [given.only_set] if given.only_set else SETS:
            if on == "xsid" and not given.xsid.exists():
                print(f"xSID is not at {given.xsid}: left out")
                continue
            found = _run(name, on, given.xsid)
            if found is not None:
                results.setdefault(on, {})[name] = found
                RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    REPORT.write_text(_report(results), encoding="utf-8")
    _plot(results)
    print(REPORT.read_text(encoding="utf-8"))


def _kept() -> dict[str, Any]:
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def _run(name: str, on: str, xsid: Path) -> dict[str, Any] | None:
    """The candidate's figures; None (said) where what it needs is not on this machine."""
    missing = CANDIDATES[name].missing()
    if missing:
        print(f"{name}: left out, {missing}")
        return None
    print(f"{name} on {on} …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        sets = Path(folder) / "sets.json"
        sets.write_text(json.dumps(read_sets(on, xsid)), encoding="utf-8")
        out = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "bench.nlu_candidates", name, str(sets), str(out)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if done.returncode:
            print(f"{name}: ended with {done.returncode}\n{done.stderr[-2000:]}")
            return None
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found


def _report(results: dict[str, Any]) -> str:
    titles = {
        "own": "## Own held-out messages",
        "xsid": "## xSID, Danish",
    }
    parts = [
        "# Beside other ways to understand",
        "Written by `.venv/bin/python -m bench.nlu_compare`; do not edit. One process a candidate, one "
        "thread; a machine that does other work as well, so times are for comparing the lines with each "
        "other. Training and parsing go through each framework's own functions.",
        "![Accuracy beside parse time](nlu-compare.svg)",
    ]
    for on, title in titles.items():
        if on in results:
            parts += [title, SETS[on], _table(results[on])]
    parts += ["## What stands in the lines", _legend()]
    parts += ["## Times, on the golden table", times_table()]
    return "\n\n".join(parts) + "\n"


def _table(found: dict[str, Any]) -> str:
    header = ["", *(title for _, title, _ in COLUMNS)]
    rows = [
        [name, *(form.format(found[name][key]) for key, _, form in COLUMNS)]
        for name in CANDIDATES
        if name in found
    ]
    return "\n".join(
        "| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows]
    )


def _legend() -> str:
    return "\n".join(f"- **{name}**: {one.about}" for name, one in CANDIDATES.items())


def _plot(results: dict[str, Any]) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "moedeklar"
    from matplotlib import pyplot

    shown = [on for on in SETS if on in results]
    figure, all_axes = pyplot.subplots(1, len(shown), figsize=(5.2 * len(shown), 4), squeeze=False)
    for axes, on in zip(all_axes[0], shown, strict=True):
        for name, figures in results[on].items():
            place = (figures["median_ms"], 100 * figures["accuracy"])
            axes.scatter(*place, s=60)
            axes.annotate(name, place, textcoords="offset points", xytext=(6, 5), fontsize=8)
        axes.set_xscale("log")
        axes.set_xlabel("parse, median ms")
        axes.set_ylabel("accuracy, %")
        axes.set_title({"own": "own held-out messages", "xsid": "xSID, Danish"}[on])
        axes.margins(0.25)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})


if __name__ == "__main__":
    main()
