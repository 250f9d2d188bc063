"""One member's records for one turn: the dialogue's Facts, read from the back end when needed."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, partial
from typing import Any, Callable, Optional, Sequence

from bot.backend.client import BackendClient
from bot.backend.contract import Change, Course, Format, FreeTime, Meeting
from bot.dialogue.state import Command
from bot.profile import Profile


class Records:
    """See `bot.dialogue.facts.Facts`. Each thing is read once a turn; every read may raise
    BackendUnavailable."""

    def __init__(self, backend: BackendClient, member: str, profile: Profile) -> None:
        self.backend = backend
        self.member = member
        self._profile = profile

    @property
    def profile(self) -> Profile:
        """The a-kasse's profile."""
        return self._profile

    def meetings(self) -> Sequence[Meeting]:
        """All meetings, by start."""
        return self._meetings

    def course(self) -> Course:
        """The contact course."""
        return self._course

    def times(
        self,
        kind: str,
        format: Optional[Format] = None,
        start: Optional[datetime] = None,
        end: Optional[datetime] = None,
        limit: int = 50,
    ) -> Sequence[FreeTime]:
        """Free times, in time order."""
        return self.backend.times(
            self.member, kind=kind, format=format, start=start, end=end, limit=limit
        )

    @cached_property
    def _meetings(self) -> list[Meeting]:
        return sorted(self.backend.meetings(self.member), key=lambda meeting: meeting.start)

    @cached_property
    def _course(self) -> Course:
        return self.backend.course(self.member)


def carry_out(backend: BackendClient, member: str, command: Command) -> Change:
    """The one change of a turn. Raises BackendUnavailable or BackendRefusal."""
    values: dict[str, Any] = dict(command.request())
    meeting = command.meeting or ""
    calls: dict[str, Callable[..., Change]] = {
        "book": partial(backend.book, member),
        "afbud": partial(backend.afbud, member, meeting),
        "move": partial(backend.move, member, meeting),
        "format": partial(backend.change_format, member, meeting),
        "contact": partial(backend.register_contact, member, meeting),
        "participation": partial(backend.request_participation, member, meeting),
    }
    return calls[command.action](key=command.key, **values)
