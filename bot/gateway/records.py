"""The gateway's ports on the a-kasse's records, by the back end's client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Optional

from bot.backend.client import BackendClient
from bot.backend.contract import Notice as BackendNotice
from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.gateway.ports import DemoMember, DirectoryUnavailable
from bot.gateway.sms.notices import Notice
from bot.yaml_source import SourceError, read_yaml


class BackendDirectory:
    """See `bot.gateway.ports.MemberDirectory`."""

    def __init__(self, backend: BackendClient) -> None:
        self.backend = backend

    def knows(self, member: str) -> bool:
        """Whether the back end has the member. Raises DirectoryUnavailable."""
        try:
            self.backend.member(member)
        except BackendRefusal as refusal:
            if refusal.code == "not_found":
                return False
            raise DirectoryUnavailable(str(refusal)) from refusal
        except BackendUnavailable as error:
            raise DirectoryUnavailable(str(error)) from error
        return True

    def holder(self, phone: str) -> Optional[str]:
        """Whose number it is in the back end. Raises DirectoryUnavailable."""
        try:
            found = self.backend.lookup(phone)
        except (BackendRefusal, BackendUnavailable) as error:
            raise DirectoryUnavailable(str(error)) from error
        return None if found is None else found.id


class BackendNotices:
    """See `bot.gateway.sms.notices.Notices`."""

    def __init__(self, backend: BackendClient) -> None:
        self.backend = backend

    def due(self) -> list[Notice]:
        """The back end's due notices with the members' numbers. Raises DirectoryUnavailable."""
        try:
            phones: dict[str, Optional[str]] = {}
            found = []
            for notice in self.backend.due_notices():
                if notice.member not in phones:
                    phones[notice.member] = self.backend.member(notice.member).phone
                found.append(_notice(notice, phones[notice.member]))
            return found
        except (BackendRefusal, BackendUnavailable) as error:
            raise DirectoryUnavailable(str(error)) from error

    def sent(self, notice: str) -> None:
        """Report it. Raises DirectoryUnavailable."""
        self._report(lambda: self.backend.notice_sent(notice))

    def failed(self, notice: str, reason: str) -> None:
        """Report it. Raises DirectoryUnavailable."""
        self._report(lambda: self.backend.notice_failed(notice, reason))

    def _report(self, call: Callable[[], object]) -> None:
        try:
            call()
        except BackendRefusal as refusal:
            if refusal.code != "not_found":  # after a reset nobody waits for the report
                raise DirectoryUnavailable(str(refusal)) from refusal
        except BackendUnavailable as error:
            raise DirectoryUnavailable(str(error)) from error


def _notice(notice: BackendNotice, phone: Optional[str]) -> Notice:
    """A receipt stands in the inbox already; one that was given by text message is not sent again."""
    receipt = notice.kind == "receipt"
    return Notice(
        id=notice.id,
        member=notice.member,
        phone=None if notice.said_in == "sms" else phone,
        text=None if receipt else notice.text,
        sms=notice.sms,
        meeting=None if receipt else notice.meeting,
    )


def demo_members(seed: Path) -> list[DemoMember]:
    """Whom the demo's log-in offers: the members of the seed file (development only)."""
    try:
        members = read_yaml(seed).get("members") or []
    except SourceError as fault:
        raise DirectoryUnavailable(str(fault)) from fault
    return [DemoMember(id=str(member["id"]), name=str(member["name"])) for member in members]
