"""What a flow may ask the a-kasse's records. Reading only; changes leave a flow as a Command."""

from __future__ import annotations

from datetime import datetime
from typing import Optional, Protocol, Sequence

from bot.backend.contract import Course, Format, FreeTime, Meeting
from bot.profile import Profile


class Facts(Protocol):
    """One member's records, read when a flow needs them and the same throughout one turn.

    Every method may raise BackendUnavailable (`bot.backend.client`); a flow lets it pass, and the
    member is told that nothing was changed.
    """

    @property
    def profile(self) -> Profile:
        """The a-kasse's profile."""
        ...

    def meetings(self) -> Sequence[Meeting]:
        """All meetings of the member, the Jobcenter's too, by start."""
        ...

    def course(self) -> Course:
        """The member's contact course."""
        ...

    def times(
        self,
        kind: str,
        format: Optional[Format] = None,
        start: Optional[datetime] = None,
        end: Optional[datetime] = None,
        limit: int = 50,
    ) -> Sequence[FreeTime]:
        """Free times of that kind for the member, in time order; `end` is exclusive."""
        ...
