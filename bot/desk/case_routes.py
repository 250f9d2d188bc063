"""The desk API for one conversation. Contract: docs, Desk API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from bot.desk import handover
from bot.desk.cases import WholeCase, whole_case
from bot.desk.guard import Desk, case_id
from bot.desk.logins import Login
from bot.desk.people import Person
from bot.desk.refusals import AlreadyClaimed, UnknownCase
from bot.desk.states import IllegalTransition
from bot.gateway.incoming import LONGEST_TEXT, EmptyText, TextTooLong, clean
from bot.web import ApiError


class _Body(BaseModel):
    class Config:
        extra = "forbid"


class Words(_Body):
    """A note."""

    text: str


class Reply(Words):
    """An answer; the same `client_id` again is said once."""

    client_id: Optional[UUID] = None


class Closing(_Body):
    """How a hand-over ended."""

    outcome: handover.Outcome


def case_routes(desk: Desk) -> APIRouter:
    """`/api/desk/conversations…`."""
    routes = APIRouter(prefix="/api/desk")
    signed_in, acting = Depends(desk.reader), Depends(desk.writer)

    @routes.get("/conversations/{case}")
    def whole(case: str = Depends(case_id), login: Login = signed_in) -> dict[str, Any]:
        return _whole(case, login.person)

    @routes.post("/conversations/{case}/claim")
    def claim(case: str = Depends(case_id), person: Person = acting) -> dict[str, Any]:
        greeting = desk.replies.fill("claimed", name=person.name)
        member = _designed(
            lambda: handover.claim(desk.engine, case, person, greeting, desk.moment())
        )
        return _changed(case, person, member)

    @routes.post("/conversations/{case}/reply")
    def reply(
        words: Reply, case: str = Depends(case_id), person: Person = acting
    ) -> dict[str, Any]:
        text, client_id = _clean(words.text), str(words.client_id) if words.client_id else None
        member = _designed(
            lambda: handover.reply(desk.engine, case, person, text, desk.moment(), client_id)
        )
        return _changed(case, person, member)

    @routes.post("/conversations/{case}/note")
    def note(words: Words, case: str = Depends(case_id), person: Person = acting) -> dict[str, Any]:
        text = _clean(words.text)
        _designed(lambda: handover.note(desk.engine, case, person, text, desk.moment()))
        return _changed(case, person, None)

    @routes.post("/conversations/{case}/requeue")
    def requeue(case: str = Depends(case_id), person: Person = acting) -> dict[str, Any]:
        member = _designed(
            lambda: handover.requeue(desk.engine, case, person, desk.words, desk.moment())
        )
        return _changed(case, person, member)

    @routes.post("/conversations/{case}/handback")
    def handback(case: str = Depends(case_id), person: Person = acting) -> dict[str, Any]:
        farewell = desk.replies.bot_again
        member = _designed(
            lambda: handover.handback(desk.engine, case, person, farewell, desk.moment())
        )
        return _changed(case, person, member)

    @routes.post("/conversations/{case}/close")
    def close(
        closing: Closing, case: str = Depends(case_id), person: Person = acting
    ) -> dict[str, Any]:
        outcome, farewell = closing.outcome, desk.replies.bot_again
        member = _designed(
            lambda: handover.close(desk.engine, case, person, outcome, farewell, desk.moment())
        )
        return _changed(case, person, member)

    def _changed(case: str, person: Person, member: Optional[str]) -> dict[str, Any]:
        """The case after a change; the member's pages and waiting requests hear of it."""
        if member is not None:
            desk.hub.wake(member)
        return _whole(case, person)

    def _whole(case: str, person: Person) -> dict[str, Any]:
        whole: WholeCase = _designed(
            lambda: whole_case(desk.engine, case, person.email, desk.clock.now())
        )
        return whole.wire()

    return routes


def _designed(change: Callable[[], Any]) -> Any:
    """The result, or what went wrong in the desk's words."""
    try:
        return change()
    except UnknownCase:
        raise ApiError(404, "not_found", "Samtalen findes ikke.") from None
    except AlreadyClaimed:
        raise ApiError(409, "already_claimed", "En anden har allerede taget samtalen.") from None
    except IllegalTransition:
        raise ApiError(
            409, "illegal_transition", "Det kan man ikke, som samtalen står nu."
        ) from None


def _clean(text: str) -> str:
    try:
        return clean(text)
    except EmptyText:
        raise ApiError(422, "empty", "Skriv noget først.") from None
    except TextTooLong:
        raise ApiError(413, "too_long", f"Skriv højst {LONGEST_TEXT} tegn ad gangen.") from None
