"""What the gateway needs of others: who is a member, and what the bot says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional, Protocol

from bot.dialogue.spoken import TurnAnswer, TurnRequest


class DirectoryUnavailable(Exception):
    """The a-kasse's records can't be asked right now."""


class MemberDirectory(Protocol):
    """The a-kasse's records, as far as the door needs them."""

    def knows(self, member: str) -> bool:
        """Whether this is a member. Raises DirectoryUnavailable."""
        ...

    def holder(self, phone: str) -> Optional[str]:
        """The member whom the a-kasse knows by that number (E.164). Raises DirectoryUnavailable."""
        ...


class RasaFailed(Exception):
    """No answer to a turn: Rasa is down, slow, or answered an error or nothing.

    `why` says which, and never quotes the member.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Rasa(Protocol):
    """The dialogue. Asking twice with the same `message_id` is one turn there."""

    def ask(self, request: TurnRequest) -> TurnAnswer:
        """The bot's answer, at least one message. Raises RasaFailed within the read time-out."""
        ...

    def forget(self, session: str) -> None:
        """Delete an ended session; unknown ones count as deleted. Raises RasaFailed."""
        ...


@dataclass(frozen=True)
class DemoMember:
    """A member to log in as on the demo of Min side; `note` says in Danish what is special."""

    id: str
    name: str
    note: str = ""


DemoMembers = Callable[[], Sequence[DemoMember]]
"""The demo members, asked for when the page is shown. Raises DirectoryUnavailable."""
