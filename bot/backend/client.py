"""The typed client of the back end's API, for the actions, the gateway and the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Optional
from urllib.parse import quote

from bot.backend.calls import Calls, parsed
from bot.backend.contract import (
    AnswerParticipation,
    Assess,
    Attendance,
    Book,
    Change,
    ChangeFormat,
    Course,
    CourseStep,
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
    Notice,
    NoticeFailed,
    NoticeState,
    RegisterContact,
    RequestParticipation,
)
from bot.backend.failures import BackendRefusal


class BackendClient(Calls):
    """One back end, one caller; connections are reused and shared with the clients of `acting`.

    Reading, and changing (a change carries its key), is tried again on lost connections, timeouts
    and 502-504 until the deadline. May be used by several threads. Every method may raise
    BackendUnavailable and BackendRefusal.
    """

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
        return parsed(Member, answer, maybe_done=False)

    def meetings(self, member: str) -> list[Meeting]:
        """All meetings, past and cancelled ones too, by start."""
        return self._get(list[Meeting], _path("members", member, "meetings"))

    def course(self, member: str) -> Course:
        """The contact course as it stands now."""
        return self._get(Course, _path("members", member, "course"))

    def course_steps(self, member: str) -> list[CourseStep]:
        """Every meeting that the course asks for, and where it stands."""
        return self._get(list[CourseStep], _path("members", member, "course", "steps"))

    def ics(self, member: str, meeting: str) -> bytes:
        """The meeting as a calendar file (text/calendar, UTF-8). Refusal: not_found."""
        return self._call("GET", _meeting(member, meeting, "ics")).content

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

    # notices

    def due_notices(self, limit: int = 100) -> list[Notice]:
        """What is to be delivered now, in order; the same ones again until they are reported."""
        return self._get(list[Notice], "/notices", {"due": "", "limit": str(limit)})

    def notices(self, state: Optional[NoticeState] = None, limit: int = 100) -> list[Notice]:
        """Notices, the newest first; `failed` ones are for staff to see."""
        query = {"limit": str(limit)} | ({} if state is None else {"state": state})
        return self._get(list[Notice], "/notices", query)

    def notice_sent(self, notice: str) -> Notice:
        """Report that a notice was delivered; may be said again."""
        return parsed(Notice, self._call("POST", _path("notices", notice, "sent")), maybe_done=True)

    def notice_failed(self, notice: str, reason: str = "") -> Notice:
        """Report that a notice could not be delivered; `reason` in a word, nothing personal."""
        answer = self._call(
            "POST", _path("notices", notice, "failed"), body=NoticeFailed(reason=reason)
        )
        return parsed(Notice, answer, maybe_done=True)

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


def _path(*parts: str) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)


def _meeting(member: str, meeting: str, *action: str) -> str:
    return _path("members", member, "meetings", meeting, *action)
