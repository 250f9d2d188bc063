"""What the gateway needs of a provider of text messages. A new provider is a file in `providers/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Optional, Protocol, Union

from sqlalchemy.engine import Engine

from bot.clock import Clock
from bot.settings import Settings

Status = Literal["sent", "delivered", "failed"]
"""What a provider can tell about a message it has taken: on its way, on the phone, given up."""


@dataclass(frozen=True)
class Received:
    """A message from a phone. `id` is the provider's own, the same at every redelivery."""

    id: str
    phone: str
    text: str


@dataclass(frozen=True)
class Report:
    """What became of a message of ours. `ref` is what we sent with it; `detail` names no content."""

    ref: str
    provider_id: str
    status: Status
    detail: str = ""


@dataclass(frozen=True)
class TextMessage:
    """One message to one phone (E.164). `ref` comes back in the reports."""

    ref: str
    phone: str
    text: str


Event = Union[Received, Report]


class NotSigned(Exception):
    """The call is not proven to come from the provider; nothing in it is believed."""


class Unreadable(Exception):
    """The provider's call can't be read; the text names the field, never its content."""


class SendFailed(Exception):
    """A message was not handed over. `why` names no content."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotNow(SendFailed):
    """Surely not taken; worth another try, not before `after_seconds`."""

    def __init__(self, why: str, after_seconds: float = 0.0) -> None:
        super().__init__(why)
        self.after_seconds = after_seconds


class Refused(SendFailed):
    """Never to be taken: another try would end the same."""


class Unsure(SendFailed):
    """It may have been taken: the answer was lost. A report tells, if there is one."""


class Provider(Protocol):
    """A provider of text messages. Its calls come to `POST /sms/<name>`."""

    name: str
    acknowledged: int
    """The HTTP status by which it knows that we have its call."""

    def send(self, message: TextMessage) -> str:
        """Hand a message over; the provider's id for it. Raises NotNow, Refused, Unsure."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes) -> Optional[Event]:
        """What a call says; None: nothing that concerns us. Header names are lower case.

        Raises NotSigned, Unreadable.
        """
        ...

    def collect(self) -> Iterable[Event]:
        """What it holds for us, if it is one that must be asked; each counts as taken when the next
        one is fetched."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """What a provider may be made of: settings, the gateway's database, domain and wall clock."""

    settings: Settings
    engine: Engine
    clock: Clock
    wall: Clock


Make = Callable[[Surroundings], Optional[Provider]]
"""A file of `providers/` has a function `make`: the provider, or None where it has no place here."""
