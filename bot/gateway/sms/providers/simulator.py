"""A provider for development: phones that exist in the database alone, and misbehave when told to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Optional

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine

from bot import gsm7
from bot.clock import Clock
from bot.database import reading, writing
from bot.gateway.sms.numbers import phone_number
from bot.gateway.sms.ports import (
    Event,
    NotNow,
    Received,
    Refused,
    Report,
    Surroundings,
    TextMessage,
    Unreadable,
    Unsure,
)
from bot.gateway.sms.tables import simulator


class Behaviour(BaseModel):
    """How the simulated provider treats what we send from now on.

    `takes`: ok, down (not now), refuse (never), lost (takes it, but its answer never comes).
    `reports`: in order, out of order, each twice, or none; after `delay_seconds`, of `outcome`.
    """

    takes: Literal["ok", "down", "refuse", "lost"] = "ok"
    outcome: Literal["delivered", "failed"] = "delivered"
    reports: Literal["in_order", "out_of_order", "twice", "none"] = "in_order"
    delay_seconds: float = Field(default=0.0, ge=0, le=3600)

    class Config:
        extra = "forbid"


class _Call(BaseModel):
    id: str = Field(..., min_length=1, max_length=100)
    sender: str = Field(..., alias="from")
    text: str


@dataclass(frozen=True)
class Simulated:
    """A message on a simulated phone. `at`: domain clock."""

    id: int
    to: str
    text: str
    segments: int
    status: str
    at: datetime

    def wire(self) -> dict[str, Any]:
        """The shape of the contract."""
        return {**vars(self), "at": self.at.isoformat()}


class Simulator:
    """See `bot.gateway.sms.ports.Provider`."""

    name = "simulator"
    acknowledged = 202

    def __init__(self, engine: Engine, clock: Clock, wall: Clock) -> None:
        self._engine, self._clock, self._wall = engine, clock, wall
        self.behaviour = Behaviour()

    def send(self, message: TextMessage) -> str:
        """Put it on the phone. Raises NotNow, Refused, Unsure as `behaviour` says."""
        now = self.behaviour
        if now.takes == "down":
            raise NotNow("simulated outage")
        if now.takes == "refuse":
            raise Refused("simulated refusal")
        due = None
        if now.reports != "none":
            due = self._wall.now() + timedelta(seconds=now.delay_seconds)
        with writing(self._engine) as session:
            written = session.execute(
                insert(simulator).values(
                    ref=message.ref, phone=message.phone, text=message.text,
                    segments=gsm7.segments(message.text), at=self._clock.now(), status="sent",
                    ends_as=now.outcome, report_at=due,
                )
            )  # fmt: skip
        if now.takes == "lost":
            raise Unsure("simulated silence")
        return str(written.inserted_primary_key[0])

    def read(self, _headers: Mapping[str, str], body: bytes) -> Optional[Event]:
        """`{"id", "from", "text"}`. Raises Unreadable."""
        try:
            call = _Call.parse_obj(json.loads(body.decode("utf-8")))
            return Received(call.id, phone_number(call.sender), call.text)
        except ValidationError as error:
            raise Unreadable(", ".join(str(fault["loc"][0]) for fault in error.errors())) from None
        except (ValueError, RecursionError):
            raise Unreadable("body") from None

    def collect(self) -> Iterator[Event]:
        """The delivery reports that are due."""
        with reading(self._engine) as session:
            due = session.execute(
                select(simulator)
                .where(simulator.c.report_at <= self._wall.now())
                .order_by(simulator.c.id)
                .limit(100)
            ).all()
        for row in due:
            yield from self._reports(row)
            with writing(self._engine) as session:
                session.execute(
                    update(simulator)
                    .where(simulator.c.id == row.id)
                    .values(status=row.ends_as, report_at=None)
                )

    def on_phone(self, phone: Optional[str], after: int) -> list[Simulated]:
        """What a phone (or every phone) got after that id, in order."""
        conditions = [simulator.c.id > after]
        if phone is not None:
            conditions.append(simulator.c.phone == phone)
        with reading(self._engine) as session:
            rows = session.execute(
                select(simulator).where(*conditions).order_by(simulator.c.id).limit(1000)
            ).all()
        return [
            Simulated(row.id, row.phone, row.text, row.segments, row.status, row.at) for row in rows
        ]

    def _reports(self, row: Any) -> list[Report]:
        sent = Report(row.ref, str(row.id), "sent", "ENROUTE")
        last = replace(sent, status=row.ends_as, detail=row.ends_as.upper())
        if self.behaviour.reports == "twice":
            return [sent, sent, last, last]
        return [last, sent] if self.behaviour.reports == "out_of_order" else [sent, last]


def make(around: Surroundings) -> Optional[Simulator]:
    """In development only."""
    if not around.settings.development:
        return None
    return Simulator(around.engine, around.clock, around.wall)
