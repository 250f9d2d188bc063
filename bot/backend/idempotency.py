"""Exactly once: a change runs in one transaction together with the key that names it.

Whoever repeats a key with the same call gets the first answer again, a refusal too: what a member was
told no to does not happen later by a repeat. A fault of ours (5xx) is not kept: it may be tried again.
An afbud's note is kept with its meeting only; a repeated answer gets it from there.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.backend import tables
from bot.backend.contract import Wire
from bot.backend.refusals import Refusal
from bot.backend.work import Caller, House, Work
from bot.database import reading, writing

_keys = tables.idempotency_keys


@dataclass(frozen=True)
class Answer:
    """What a call was answered with; the body of a refusal is `{"refused": code, "field": …}`."""

    status: int
    body: dict[str, Any]

    def unless_refused(self) -> dict[str, Any]:
        """The body. Raises the Refusal that was the answer."""
        if "refused" in self.body:
            raise Refusal(self.body["refused"], self.body["field"])
        return self.body


def once(
    house: House,
    caller: Caller,
    key: str,
    path: str,
    body: Wire,
    operation: Callable[[Work], Wire],
) -> dict[str, Any]:
    """Run the operation under the key, or give the answer that the key already has, as JSON.

    Raises Refusal: the operation's own, or key_reused where the key named another call.
    """
    fingerprint = _fingerprint(path, body)
    known = _known(house, key, fingerprint)
    if known is None:
        known = _first(house, caller, key, fingerprint, operation)
    if known is None:  # another repeat was first; its transaction has ended
        known = _known(house, key, fingerprint)
    assert known is not None  # a key that can't be inserted is there
    return known.unless_refused()


def _first(
    house: House, caller: Caller, key: str, fingerprint: str, operation: Callable[[Work], Wire]
) -> Optional[Answer]:
    """Run it as the first of its key; none where another transaction has the key."""
    with writing(house.engine) as session:
        session.connection()  # wait for our turn first: the rules judge the instant after it
        now = house.clock.now()
        try:
            with session.begin_nested():
                session.execute(insert(_keys).values(key=key, fingerprint=fingerprint, at=now))
        except IntegrityError:
            return None
        work = Work(session, now, house.profile, house.texts, caller)
        answer = _run(session, work, operation)
        session.execute(
            update(_keys)
            .where(_keys.c.key == key)
            .values(status=answer.status, answer=_without_notes(answer.body))
        )
        return answer


def _run(session: Session, work: Work, operation: Callable[[Work], Wire]) -> Answer:
    try:
        with session.begin_nested():  # a refusal undoes what was begun, and keeps the key
            return Answer(200, json.loads(operation(work).json()))
    except Refusal as refusal:
        return Answer(refusal.status, {"refused": refusal.code, "field": refusal.field})


def _known(house: House, key: str, fingerprint: str) -> Optional[Answer]:
    with reading(house.engine) as session:
        row = session.execute(select(_keys).where(_keys.c.key == key)).first()
        if row is None:
            return None
        if row.fingerprint != fingerprint:
            raise Refusal("key_reused")
        return Answer(row.status, _with_notes(session, row.answer))


def _without_notes(body: dict[str, Any]) -> dict[str, Any]:
    kept = copy.deepcopy(body)
    for meeting in _given_up(kept):
        meeting["afbud"]["note"] = None
    return kept


def _with_notes(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    for meeting in _given_up(body):
        note = select(tables.meetings.c.afbud_note).where(tables.meetings.c.id == meeting["id"])
        meeting["afbud"]["note"] = session.execute(note).scalar()
    return body


def _given_up(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The meetings of an answer that have an afbud."""
    shown = (body.get("meeting"), body.get("replaced"))
    return [meeting for meeting in shown if meeting and meeting["afbud"]]


def _fingerprint(path: str, body: Wire) -> str:
    said = json.dumps([path, json.loads(body.json())], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8")).hexdigest()
