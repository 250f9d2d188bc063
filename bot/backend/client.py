"""The typed client of the back end's API, for the actions, the gateway and the command line."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Optional, Type, TypeVar
from urllib.parse import quote

import requests
from pydantic import ValidationError, parse_obj_as
from requests.adapters import HTTPAdapter
from tenacity import Retrying, retry_if_exception_type, stop_before_delay, wait_random_exponential

from bot.backend.contract import (
    AnswerParticipation,
    Assess,
    Attendance,
    Book,
    Change,
    ChangeFormat,
    Channel,
    Course,
    ErrorEnvelope,
    Format,
    FreeTime,
    GiveAfbud,
    InboxMessage,
    Invite,
    Invited,
    LogRow,
    Lookup,
    Meeting,
    Member,
    Move,
    RegisterContact,
    RequestParticipation,
    Wire,
)
from bot.backend.failures import BackendRefusal, BackendUnavailable

DEADLINE_SECONDS = 6.0
"""How long one call may take, all its tries together."""

_AGAIN = frozenset({502, 503, 504})
_SHORTEST_TRY_SECONDS = 0.05

T = TypeVar("T")


class _Again(Exception):
    """A try that failed in a way that may pass; `sent`: it may have reached the back end."""

    def __init__(self, what: str, *, sent: bool) -> None:
        super().__init__(what)
        self.sent = sent


class BackendClient:
    """One back end, one caller; connections are reused and shared with the clients of `acting`.

    Reading, and changing (a change carries its key), is tried again on lost connections, timeouts
    and 502-504 until the deadline. May be used by several threads. Every method may raise
    BackendUnavailable and BackendRefusal.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        actor: str = "system",
        channel: Channel = "min_side",
        *,
        connect_seconds: float = 1.0,
        read_seconds: float = 3.0,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._base, self._token = base_url.rstrip("/"), token
        self.actor, self.channel = actor, channel
        self._connect, self._read, self._deadline = connect_seconds, read_seconds, deadline_seconds
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc would replace our token, a proxy our peer
        self._session.mount("http://", HTTPAdapter(pool_maxsize=32))
        self._session.mount("https://", HTTPAdapter(pool_maxsize=32))

    def acting(self, actor: str, channel: Channel) -> BackendClient:
        """The same back end and connections, asked by somebody else."""
        other = object.__new__(BackendClient)
        other.__dict__.update(self.__dict__)
        other.actor, other.channel = actor, channel
        return other

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    # reading

    def member(self, member: str) -> Member:
        """The member. Refusal: not_found."""
        return self._get(Member, _path("members", member))

    def lookup(self, phone: str) -> Optional[Member]:
        """The member whom the a-kasse knows by that number (E.164), or nobody."""
        try:
            answer = self._call("POST", "/members/lookup", body=Lookup(phone=phone))
        except BackendRefusal as refusal:
            if refusal.code == "not_found":
                return None
            raise
        return _parsed(Member, answer, maybe_done=False)

    def meetings(self, member: str) -> list[Meeting]:
        """All meetings, past and cancelled ones too, by start."""
        return self._get(list[Meeting], _path("members", member, "meetings"))

    def course(self, member: str) -> Course:
        """The contact course as it stands now."""
        return self._get(Course, _path("members", member, "course"))

    def inbox(self, member: str) -> list[InboxMessage]:
        """The inbox on Min side, newest first."""
        return self._get(list[InboxMessage], _path("members", member, "inbox"))

    def log(self, member: str) -> list[LogRow]:
        """Every change, newest first."""
        return self._get(list[LogRow], _path("members", member, "log"))

    def times(
        self,
        member: str,
        kind: Optional[str] = None,
        format: Optional[Format] = None,
        start: Optional[datetime] = None,
        end: Optional[datetime] = None,
        limit: int = 50,
    ) -> list[FreeTime]:
        """Free times that start in [start, end), aware instants, in time order."""
        query = {
            "member": member,
            "kind": kind,
            "format": format,
            "from": None if start is None else start.isoformat(),
            "to": None if end is None else end.isoformat(),
            "limit": str(limit),
        }
        given = {name: value for name, value in query.items() if value is not None}
        return self._get(list[FreeTime], "/times", given)

    # changing: `key` is the id of the proposal

    def book(
        self, member: str, time: str, format: Format, *, key: str, kind: Optional[str] = None
    ) -> Change:
        """Take a free time."""
        body = Book(time=time, format=format, kind=kind)
        return self._post(Change, _path("members", member, "meetings"), body, key)

    def afbud(
        self,
        member: str,
        meeting: str,
        reason: str,
        *,
        key: str,
        note: Optional[str] = None,
        new_time: Optional[str] = None,
        new_format: Optional[Format] = None,
    ) -> Change:
        """Give a meeting up; with a new time both happen or neither."""
        body = GiveAfbud(reason=reason, note=note, new_time=new_time, new_format=new_format)
        return self._post(Change, _meeting(member, meeting, "afbud"), body, key)

    def move(
        self, member: str, meeting: str, new_time: str, *, key: str,
        format: Optional[Format] = None,
    ) -> Change:  # fmt: skip
        """Move a meeting to a free time."""
        body = Move(new_time=new_time, format=format)
        return self._post(Change, _meeting(member, meeting, "move"), body, key)

    def change_format(self, member: str, meeting: str, format: Format, *, key: str) -> Change:
        """Hold a meeting digitally, or in person."""
        return self._post(
            Change, _meeting(member, meeting, "format"), ChangeFormat(format=format), key
        )

    def register_contact(self, member: str, meeting: str, at: datetime, *, key: str) -> Change:
        """The member's first message about a missed meeting arrived at `at` (aware)."""
        return self._post(Change, _meeting(member, meeting, "contact"), RegisterContact(at=at), key)

    def request_participation(self, member: str, meeting: str, *, key: str) -> Change:
        """Ask the a-kasse to join a Jobcenter meeting."""
        return self._post(
            Change, _meeting(member, meeting, "participation"), RequestParticipation(), key
        )

    # staff

    def note_attendance(self, member: str, meeting: str, body: Attendance, *, key: str) -> Change:
        """Whether the member turned up."""
        return self._post(Change, _meeting(member, meeting, "attendance"), body, key)

    def assess(self, member: str, meeting: str, body: Assess, *, key: str) -> Change:
        """What was decided about an afbud's reason."""
        return self._post(Change, _meeting(member, meeting, "assessment"), body, key)

    def answer_participation(
        self, member: str, meeting: str, body: AnswerParticipation, *, key: str
    ) -> Change:
        """Whether the a-kasse joins a Jobcenter meeting."""
        return self._post(Change, _meeting(member, meeting, "participation", "answer"), body, key)

    def invite(self, member: str, body: Invite, *, key: str) -> Invited:
        """Call the member in."""
        return self._post(Invited, _path("members", member, "invitations"), body, key)

    def _get(self, shape: Type[T], path: str, query: Optional[Mapping[str, str]] = None) -> T:
        return _parsed(shape, self._call("GET", path, query=query), maybe_done=False)

    def _post(self, shape: Type[T], path: str, body: Wire, key: str) -> T:
        return _parsed(shape, self._call("POST", path, body=body, key=key), maybe_done=True)

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, str]] = None,
        body: Optional[Wire] = None,
        key: Optional[str] = None,
    ) -> Any:
        """The parsed JSON of a 200. A change without a sure answer is `maybe_done` when raised."""
        headers = {"Authorization": f"Bearer {self._token}"}
        if key is not None:
            headers |= {
                "X-Actor": self.actor, "X-Channel": self.channel, "Idempotency-Key": key,
            }  # fmt: skip
        data = None
        if body is not None:
            data = body.json(exclude_none=True).encode("utf-8")
            headers["Content-Type"] = "application/json"
        request = requests.Request(
            method, self._base + path, headers=headers, params=query, data=data
        )
        ends = time.monotonic() + self._deadline
        sent: list[bool] = []
        try:
            for attempt in Retrying(
                stop=stop_before_delay(self._deadline),
                wait=wait_random_exponential(multiplier=0.1, max=1.0),
                retry=retry_if_exception_type(_Again),
                reraise=True,
            ):
                with attempt:
                    try:
                        return self._try(request, ends, change=key is not None)
                    except _Again as error:
                        sent.append(error.sent)
                        raise
        except _Again as error:
            done = key is not None and any(sent)
            raise BackendUnavailable(str(error), maybe_done=done) from error
        raise AssertionError("tenacity returns or raises")

    def _try(self, request: requests.Request, ends: float, *, change: bool) -> Any:
        left = max(ends - time.monotonic(), _SHORTEST_TRY_SECONDS)
        try:
            response = self._session.send(
                self._session.prepare_request(request),
                timeout=(min(self._connect, left), min(self._read, left)),
                allow_redirects=False,
            )
        except requests.exceptions.ConnectTimeout as error:
            raise _Again("connecting took too long", sent=False) from error
        except requests.exceptions.RequestException as error:
            raise _Again(type(error).__name__, sent=not _never_sent(error)) from error
        if response.status_code in _AGAIN:
            raise _Again(f"answered {response.status_code}", sent=True)
        return _answer(response, change=change)


def _answer(response: requests.Response, *, change: bool) -> Any:
    """The JSON of a 200; a refusal of the contract, or what no back end of ours would say, raises."""
    if response.status_code == 401:
        raise BackendUnavailable("it refuses our service token", maybe_done=False)
    if 400 <= response.status_code < 500:
        try:
            said = ErrorEnvelope.parse_obj(response.json()).error
        except (ValueError, ValidationError) as error:
            what = f"answered {response.status_code} without an error of the contract"
            raise BackendUnavailable(what, maybe_done=change) from error
        raise BackendRefusal(said.code, said.message, response.status_code)
    if response.status_code != 200:
        raise BackendUnavailable(f"answered {response.status_code}", maybe_done=change)
    try:
        return response.json()
    except ValueError as error:
        raise BackendUnavailable("answered no JSON", maybe_done=change) from error


def _never_sent(error: requests.exceptions.RequestException) -> bool:
    """True where no connection was made, so that the back end can't have acted."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return type(cause).__name__ == "NewConnectionError"


def _parsed(shape: Type[T], answer: Any, *, maybe_done: bool) -> T:
    try:
        return parse_obj_as(shape, answer)
    except ValidationError as error:
        what = f"answered another shape than {getattr(shape, '__name__', shape)}"
        raise BackendUnavailable(what, maybe_done=maybe_done) from error


def _path(*parts: str) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)


def _meeting(member: str, meeting: str, *action: str) -> str:
    return _path("members", member, "meetings", meeting, *action)
