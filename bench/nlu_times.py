"""Times of the golden table, read here and by others: `.venv/bin/python -m bench.nlu_times`.

Duckling (`pyduckling-native-phihos`, module `duckling`) and dateparser are no dependencies; they are measured
where they can be imported, and what was measured is kept in bench/nlu_compare.json.
"""

from __future__ import annotations

import importlib
import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Optional

from ruamel.yaml import YAML

from bot.clock import COPENHAGEN
from bot.nlu.times import TimeFound, read_times

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests/nlu/golden_times.yml"
RESULTS = ROOT / "bench/nlu_compare.json"
FINE = ("hour", "second", "minute")
Reader = Callable[[str, datetime], str]
"""A phrase and now to what it means, in the golden table's notation; empty for no time."""


def golden() -> Iterator[tuple[datetime, str, str]]:
    """Now, phrase, meaning; the first reading where the table has two."""
    for group in YAML(typ="base").load(GOLDEN):
        now = datetime.fromisoformat(group["now"]).replace(tzinfo=COPENHAGEN)
        for phrase, meaning in group["phrases"].items():
            yield (
                now,
                phrase,
                " + ".join(
                    one.split(" or ")[0] for one in meaning.replace("none", "").split(" + ")
                ),
            )


def ours(phrase: str, now: datetime) -> str:
    def said(found: TimeFound) -> str:
        start, end = _short(found.start), _short(found.end)
        return f"{f'{start}/{end}' if found.is_interval else start} {found.grain}"

    return " + ".join(said(found) for found in read_times(phrase, now))


def duckling() -> Optional[Reader]:
    """Duckling alone, locale DA, none of the Danish layer."""
    engine = _imported("duckling")
    if engine is None:
        return None
    zones = engine.load_time_zones("/usr/share/zoneinfo")
    danish = engine.parse_lang("DA")
    locale = engine.parse_locale("DA_XX", engine.default_locale_lang(danish))
    dimensions = engine.parse_dimensions(["time"])

    def short(side: Optional[dict[str, Any]]) -> str:
        return _short(datetime.fromisoformat(side["value"][:16])) if side else ".."

    def read(phrase: str, now: datetime) -> str:
        reference = engine.parse_ref_time(zones, "Europe/Copenhagen", int(now.timestamp()))
        context = engine.Context(reference, locale)
        found = []
        for one in engine.parse(phrase, context, dimensions, False):
            value = one["value"]
            if value["type"] == "value":
                found.append(f"{short(value)} {_grain(value['grain'])}")
            else:
                begin, end = value.get("from"), value.get("to")
                grain = _grain((begin or end or {})["grain"])
                found.append(f"{short(begin)}/{short(end)} {grain}")
        return " + ".join(found)

    return read


def dateparser() -> Optional[Reader]:
    """dateparser's search for dates in a text, Danish, future preferred."""
    search = _imported("dateparser.search")
    if search is None:
        return None

    def read(phrase: str, now: datetime) -> str:
        settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
        found = search.search_dates(phrase, languages=["da"], settings=settings) or []
        said = []
        for _, moment in found:
            bare = (moment.hour, moment.minute) in ((0, 0), (now.hour, now.minute))
            day = moment.replace(hour=0, minute=0) if bare else moment
            said.append(f"{_short(day)} {'day' if bare else 'minute'}")
        return " + ".join(said)

    return read


def _short(instant: Optional[datetime]) -> str:
    if instant is None:
        return ".."
    bare = (instant.hour, instant.minute) == (0, 0)
    return instant.strftime("%Y-%m-%d" if bare else "%Y-%m-%dT%H:%M")


def _grain(grain: str) -> str:
    return "minute" if grain in FINE else grain


def _imported(name: str) -> Optional[Any]:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def measured(read: Reader) -> dict[str, float]:
    """Shares read exactly, of phrases with a time and of phrases that only look like one; ms."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    taken = []
    for now, phrase, meaning in golden():
        begun = time.perf_counter()
        got = read(phrase, now)
        taken.append((time.perf_counter() - begun) * 1000)
        right[bool(meaning)].append(got == meaning)
    return {
        "exact": statistics.mean(right[True]),
        "false": 1 - statistics.mean(right[False]),
        "median_ms": statistics.median(taken),
        "phrases": len(taken),
    }


def times_table() -> str:
    """Measures what can be imported, keeps it, and shows it beside what was measured before."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    found = kept.setdefault("times", {})
    others = {"Duckling, alone": duckling(), "dateparser": dateparser()}
    for name, reader in {"this pipeline": ours, **others}.items():
        if reader is not None:
            found[name] = measured(reader)
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    lines = [
        "| | phrases | read exactly | false times | median ms |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, one in found.items():
        shares = f"{one['exact']:.1%} | {one['false']:.1%} | {one['median_ms']:.2f}"
        lines.append(f"| {name} | {one['phrases']} | {shares} |")
    lines += [name + ": not importable here, left out" for name in others if name not in found]
    lines.append(
        "\nThe table follows the catalogue's rules, which the others do not know; it was written with this "
        "reader's tests, so its 100 % is no surprise. False times: of phrases that name none."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    print(times_table())
