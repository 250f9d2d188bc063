"""Whole dialogues as data (`tests/dialogues/*.yml`): how one is written, and the seed file for all of them.

Each dialogue has a member, an office and free times of its own, so that none meets another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Optional, Union

from pydantic import BaseModel, Field
from ruamel.yaml import YAML

from bot.settings import ROOT
from bot.yaml_source import load_model

FOLDER = ROOT / "tests" / "dialogues"

Words = list[str]


class Said(BaseModel):
    """One turn of the member, and what must (and must not) be in the answer."""

    say: Optional[str] = None
    press: Optional[str] = None
    hears: Words = []
    never: Words = []
    offered: Words = Field([], description="words that must stand in the titles of the choices")
    state: Optional[Literal["bot", "waiting", "staff"]] = None

    class Config:
        extra = "forbid"


class Kept(BaseModel):
    """A meeting as the back end must have it afterwards; `start` is local (`2026-11-25T09:00`)."""

    id: Optional[str] = None
    status: Literal["booked", "cancelled", "held", "missed"]
    start: Optional[str] = None
    format: Optional[Literal["in_person", "digital"]] = None
    reason: Optional[str] = None
    assessment: Optional[str] = None
    contact: Optional[bool] = None
    participation: Optional[str] = None

    class Config:
        extra = "forbid"


class Told(BaseModel):
    """A whole dialogue. `turns_to_receipt`: the member's turns up to the receipt, at most."""

    name: str
    style: Literal["formal", "casual", "sms", "typo", "second-language", "long", "indirect"]
    meetings: list[dict[str, Any]] = []
    invitations: list[dict[str, Any]] = []
    times: Optional[list[dict[str, Any]]] = None
    turns: list[Said]
    after: list[Kept]
    changes: list[str] = []
    turns_to_receipt: Optional[int] = None

    class Config:
        extra = "forbid"


class ToldFile(BaseModel):
    """One file of `tests/dialogues`."""

    dialogues: list[Told]

    class Config:
        extra = "forbid"


def told() -> list[Told]:
    """All dialogues, in the order of the files."""
    return [
        one for path in sorted(FOLDER.glob("*.yml")) for one in load_model(path, ToldFile).dialogues
    ]


def member_of(index: int) -> str:
    """The member who has this dialogue."""
    return f"d{index:03}"


def write_seed(dialogues: list[Told], path: Path) -> None:
    """The seed file for all of them; without times of its own a dialogue has the usual ones."""
    seed: dict[str, list[Any]] = {
        key: []
        for key in ("offices", "advisers", "members", "times", "meetings", "invitations", "staff")
    }
    for index, one in enumerate(dialogues):
        member, office = member_of(index), f"o{index:03}"
        advisers = (f"{office}a", f"{office}b")
        seed["offices"].append(
            {"id": office, "name": "Lokalafdeling Odense", "address": "Havnegade 1, 5000 Odense"}
        )
        seed["advisers"] += [
            {"id": adviser, "name": name, "office": office}
            for adviser, name in zip(advisers, ("Hanne Holm", "Jens Juul"), strict=True)
        ]
        seed["members"].append({
            "id": member, "member_no": str(200000 + index), "name": f"Medlem {index}",
            "office": office, "unemployed_since": "-150d", "phone": f"+45300000{index:02}",
        })  # fmt: skip
        times = _usual_times() if one.times is None else one.times
        seed["times"] += [{**time, "office": office, "adviser": advisers[0]} for time in times]
        seed["meetings"] += [_meeting(given, member, advisers[1]) for given in one.meetings]
        seed["invitations"] += [
            {"kind": "raadighed", **given, "member": member} for given in one.invitations
        ]
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(seed, stream)


def meeting_id(member: str, id: str) -> str:
    """A dialogue's own meeting ids are short; in the records they carry the member."""
    return f"{member}-{id}"


def _usual_times() -> list[dict[str, Any]]:
    return [{
        "kinds": ["raadighed"], "formats": ["in_person", "digital"], "start": "+2wd 09:00", "minutes": 45,
        "repeat": {"every": "1wd", "count": 8, "at": ["09:00", "10:00", "13:30", "14:30"]},
    }]  # fmt: skip


def _meeting(given: dict[str, Any], member: str, adviser: str) -> dict[str, Union[str, int]]:
    usual: dict[str, Union[str, int]] = {
        "kind": "raadighed", "minutes": 45, "format": "in_person", "status": "booked",
    }  # fmt: skip
    if given.get("kind") == "jobcenter":
        usual |= {"owner": "jobcenter", "place": "Jobcenter Odense"}
    else:
        usual |= {"owner": "akasse", "adviser": adviser}
    return {**usual, **given, "member": member, "id": meeting_id(member, given["id"])}
