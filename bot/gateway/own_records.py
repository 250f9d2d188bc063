"""What the gateway reads of a member's own records, for the chat's first contact and Min side."""

from __future__ import annotations

from typing import Protocol

from bot.backend.contract import Course, CourseStep, InboxMessage, Meeting, Member
from bot.backend.failures import BackendUnavailable


class OwnRecords(Protocol):
    """The a-kasse's records of one member; `BackendClient` is one.

    Every method may raise BackendUnavailable, and BackendRefusal `not_found` for a stranger.
    """

    def member(self, member: str) -> Member:
        """Who the member is."""
        ...

    def meetings(self, member: str) -> list[Meeting]:
        """All meetings, past and cancelled ones too, by start."""
        ...

    def course(self, member: str) -> Course:
        """The contact course as it stands now."""
        ...

    def course_steps(self, member: str) -> list[CourseStep]:
        """Every step of the course, in the order in which they fall due."""
        ...

    def inbox(self, member: str) -> list[InboxMessage]:
        """The inbox, newest first."""
        ...

    def ics(self, member: str, meeting: str) -> bytes:
        """The meeting as a calendar file (text/calendar, UTF-8)."""
        ...


class NoRecords:
    """For a gateway that was given no back end: nothing of a member's own can be read."""

    def member(self, member: str) -> Member:
        """Raises BackendUnavailable."""
        raise _none()

    def meetings(self, member: str) -> list[Meeting]:
        """Raises BackendUnavailable."""
        raise _none()

    def course(self, member: str) -> Course:
        """Raises BackendUnavailable."""
        raise _none()

    def course_steps(self, member: str) -> list[CourseStep]:
        """Raises BackendUnavailable."""
        raise _none()

    def inbox(self, member: str) -> list[InboxMessage]:
        """Raises BackendUnavailable."""
        raise _none()

    def ics(self, member: str, meeting: str) -> bytes:
        """Raises BackendUnavailable."""
        raise _none()


def _none() -> BackendUnavailable:
    return BackendUnavailable("no back end was given", maybe_done=False)
