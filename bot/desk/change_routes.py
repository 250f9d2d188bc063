"""The desk API for changes on a member's behalf: book, move, afbud, assess, attendance, call in, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends

from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.desk import on_behalf as acts
from bot.desk.guard import Desk
from bot.desk.people import Person
from bot.web import ApiError


def change_routes(desk: Desk) -> APIRouter:
    """`POST /api/desk/members/{member}/…`, each with the `key` of its form -> `{"receipt", "text"}`."""
    routes = APIRouter(prefix="/api/desk/members")
    acting = Depends(desk.writer)
    meeting = "/{member}/meetings/{meeting}"

    @routes.post("/{member}/meetings")
    def book(member: str, body: acts.BookFor, person: Person = acting) -> dict[str, str]:
        return _carry(member, person, body.key, lambda act: act.book(body))

    @routes.post(f"{meeting}/move")
    def move(
        member: str, meeting: str, body: acts.MoveFor, person: Person = acting
    ) -> dict[str, str]:
        return _carry(member, person, body.key, lambda act: act.move(meeting, body))

    @routes.post(f"{meeting}/afbud")
    def afbud(
        member: str, meeting: str, body: acts.AfbudFor, person: Person = acting
    ) -> dict[str, str]:
        return _carry(member, person, body.key, lambda act: act.afbud(meeting, body))

    @routes.post(f"{meeting}/assessment")
    def assess(
        member: str, meeting: str, body: acts.AssessFor, person: Person = acting
    ) -> dict[str, str]:
        return _carry(member, person, body.key, lambda act: act.assess(meeting, body))

    @routes.post(f"{meeting}/attendance")
    def attendance(
        member: str, meeting: str, body: acts.AttendanceFor, person: Person = acting
    ) -> dict[str, str]:
        return _carry(member, person, body.key, lambda act: act.attendance(meeting, body))

    @routes.post(f"{meeting}/participation")
    def participation(
        member: str, meeting: str, body: acts.AnswerFor, person: Person = acting
    ) -> dict[str, str]:
        return _carry(member, person, body.key, lambda act: act.answer_participation(meeting, body))

    @routes.post("/{member}/invitations")
    def invite(member: str, body: acts.InviteFor, person: Person = acting) -> dict[str, str]:
        return _carry(member, person, body.key, lambda act: act.invite(body))

    def _carry(
        member: str, person: Person, key: str, act: Callable[[acts.OnBehalf], acts.Done]
    ) -> dict[str, str]:
        """Carry a change out, and tell the member; what went wrong in the back end's words."""
        backend, when = desk.records(person), desk.moment()
        by = acts.OnBehalf(backend, member, person.name, desk.profile, desk.words, when.at)
        with Designed():
            done = act(by)
        acts.tell(desk.engine, member, key, done.said, when)
        desk.hub.wake(member)
        return {"receipt": done.receipt, "text": done.said.text}

    return routes


class Designed:
    """What the back end refuses, or that it is silent, as the desk's errors."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: Any, _trace: Any) -> None:
        if isinstance(error, BackendRefusal):
            raise ApiError(error.status, error.code, error.message) from None
        if isinstance(error, BackendUnavailable):
            text = (
                "A-kassens system svarede ikke, så det er ikke sikkert, om det gik igennem. Prøv "
                "igen: det sker kun én gang."
                if error.maybe_done
                else "A-kassens system svarer ikke lige nu. Der er ikke ændret noget. Prøv igen om lidt."
            )
            raise ApiError(503, "backend_unavailable", text) from None
