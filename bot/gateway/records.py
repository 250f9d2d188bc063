"""The gateway's ports on the a-kasse's records, by the back end's client."""

from __future__ import annotations

from pathlib import Path

from bot.backend.client import BackendClient
from bot.backend.failures import BackendRefusal, BackendUnavailable
from bot.gateway.ports import DemoMember, DirectoryUnavailable
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


def demo_members(seed: Path) -> list[DemoMember]:
    """Whom the demo's log-in offers: the members of the seed file (development only)."""
    try:
        members = read_yaml(seed).get("members") or []
    except SourceError as fault:
        raise DirectoryUnavailable(str(fault)) from fault
    return [DemoMember(id=str(member["id"]), name=str(member["name"])) for member in members]
