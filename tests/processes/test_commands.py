"""The commands of an operator, over the running house where that matters."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Mapping

import pytest
import requests

from tests.processes.conftest import SEED
from tests.processes.house import House

pytestmark = pytest.mark.processes
EVERYDAY = Path(__file__).resolve().parents[1] / "nlu/everyday.tsv"


def test_parse_answers_a_line_for_a_line_and_nothing_else(house: House) -> None:
    lines = [
        "jeg er syg og kan ikke komme på torsdag",
        json.dumps({"text": "næste torsdag kl. 14", "now": "2026-12-01T10:00:00"}),
        "{ikke json",
        "",
        "/restart",
        "hvad er dagpengesatsen",
    ]
    done = house.command("parse", "--now", "2026-11-23T09:00:00", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    parsed = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["text"] for one in parsed] == [lines[0], "næste torsdag kl. 14", *lines[2:]]
    first = parsed[0]
    assert first["intent"] == "afbud"
    found = {entity["entity"]: entity for entity in first["entities"]}
    assert found["reason"]["value"] == "illness"
    assert found["time"]["value"].startswith("2026-11-26T00:00:00")
    assert found["time"]["grain"] == "day"
    assert lines[0][found["time"]["start"] : found["time"]["end"]].endswith("torsdag")
    assert parsed[1]["entities"][0]["value"].startswith("2026-12-10T14:00:00")
    assert parsed[5]["intent"] == "out_of_scope"


def test_what_everybody_writes_is_understood(house: House) -> None:
    with EVERYDAY.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    done = house.command("parse", stdin="".join(json.dumps(row) + "\n" for row in rows))
    assert done.returncode == 0, done.stderr
    read = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [
        (row, one)
        for row, one in zip(rows, read, strict=True)
        if one["intent"] not in _right(row)
        or (row["reason"] != "-" and _reason(one) != row["reason"])
    ]
    assert len(rows) >= 250
    assert wrong == []


def _right(row: Mapping[str, str]) -> set[str]:
    """A bare cause may be taken for an afbud: with nothing under way it begins one either way."""
    return {row["intent"]} if row["reason"] == "-" else {"inform", "afbud"}


def _reason(one: Mapping[str, Any]) -> str:
    return next((str(e["value"]) for e in one["entities"] if e["entity"] == "reason"), "-")


def test_a_bad_now_is_named_with_its_line(house: House) -> None:
    done = house.command("parse", stdin='hej\n{"text": "hej", "now": "i går"}\n')
    assert done.returncode == 3
    assert "line 2" in done.stderr


def test_doctor_finds_everything_well(house: House) -> None:
    done = house.command("doctor")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("ok") >= 8


def test_a_faulty_seed_names_file_and_line_and_loads_nothing(house: House, tmp_path: Path) -> None:
    faulty = tmp_path / "seed.yml"
    faulty.write_text("offices: []\nmembers:\n  - {id: ny, name: Ny, office: intet}\n")
    done = house.command("seed", str(faulty))
    assert done.returncode == 3
    assert f"{faulty}:3" in done.stderr
    assert "Traceback" not in done.stderr
    with pytest.raises(Exception, match="not_found"):
        house.backend.member("ny")


def test_token_is_good_for_the_chat_api(house: House) -> None:
    token = house.command("token", "mads").stdout.strip()
    answer = requests.get(
        f"{house.settings.gateway_url}/api/chat/messages",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MOEDEKLAR_GATEWAY_PORT", "mange", "MOEDEKLAR_GATEWAY_PORT"),
        ("MOEDEKLAR_PROFILE", "findes-ikke", "no profile of that name"),
        ("MOEDEKLAR_NOW", "i morgen", "ISO 8601"),
        ("MOEDEKLAR_ENV", "production", "MOEDEKLAR_SERVICE_TOKEN"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(
    house: House, tmp_path: Path, name: str, value: str, said: str
) -> None:
    other = House(tmp_path, SEED, environment={name: value})
    other.environment[name] = value
    done = other.command("up")
    assert done.returncode == 3
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_reset_clears_back_end_conversations_and_sessions(tmp_path: Path) -> None:
    # At seven in the morning: reminders of the loaded meetings go out at nine, by themselves.
    house = House(tmp_path, SEED, now="2026-11-23T07:00:00+01:00")
    house.start()
    try:
        member = house.member("dan")
        member.say("jeg er syg og kan ikke komme i morgen")
        member.say("den første")
        member.say("ja")
        assert house.command("seed", str(SEED), "--reset").returncode == 0
        assert [m.status for m in house.backend.meetings("dan")] == ["booked"]
        assert member.history() == []
        assert "venter" in member.say("ja") or member.last["messages"]
        assert [m.status for m in house.backend.meetings("dan")] == ["booked"]
    finally:
        assert house.stop() == 0
