"""All that is kept about one member, as one file for them: the assistant's part and the records."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Optional

from sqlalchemy.engine import Engine

from bot.backend.client import BackendClient
from bot.backend.failures import BackendError
from bot.desk.cases import conversation_of, whole_case
from bot.desk.looks import latest
from bot.desk.timeline import deliveries, entry_wire, timeline


def member_file(
    engine: Engine, backend: Optional[BackendClient], member: str, reader: str, now: datetime
) -> dict[str, Any]:
    """Conversation with notes and moves, who looked at what, and the records; JSON's types only.

    Records that can't be read now are left out, and the file says so.
    """
    conversation = conversation_of(engine, member)
    said: list[dict[str, Any]] = []
    if conversation is not None:
        whole = whole_case(engine, conversation, reader, now)
        said = [entry_wire(each) for each in timeline(whole, deliveries(engine, conversation))]
    looks = [
        {"staff": look.staff, "what": look.what, "at": look.at.isoformat()}
        for look in latest(engine, member, most=10_000)
    ]
    return {
        "member": member,
        "made_at": now.isoformat(),
        "conversation": said,
        "looks": looks,
        "records": _records(backend, member),
    }


def _records(backend: Optional[BackendClient], member: str) -> Any:
    if backend is None:
        return "not connected"
    try:
        return {
            "member": json.loads(backend.member(member).json()),
            "course": json.loads(backend.course(member).json()),
            "log": [json.loads(row.json()) for row in backend.log(member)],
            "inbox": [json.loads(one.json()) for one in backend.inbox(member)],
        }
    except BackendError as error:
        return f"not readable now: {type(error).__name__}"
