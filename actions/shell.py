"""`rasa shell`: no gateway says who writes, so in development MOEDEKLAR_SHELL_MEMBER does."""

from __future__ import annotations

from typing import Any, Mapping

from bot.clock import domain_clock
from bot.settings import settings


def with_metadata(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message as it came from the gateway; one from the shell gets metadata of its own."""
    if message.get("metadata") or not settings().development:
        return message
    own = {
        "member": settings().shell_member,
        "verified": settings().shell_member is not None,
        "channel": "min_side",
        "now": domain_clock(settings()).now().isoformat(),
        "message_id": message.get("message_id") or "shell",
    }
    return {**message, "metadata": own}
