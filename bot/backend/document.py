"""What the OpenAPI document says beyond the types: an example of each, and which fields go together."""

from __future__ import annotations

from typing import Any

_OFFICE = {
    "id": "odense",
    "name": "Lokalafdeling Odense",
    "address": "Havnegade 112, 5000 Odense C",
}
_MEETING = {
    "id": "x1",
    "kind": "raadighed",
    "owner": "akasse",
    "start": "2026-11-30T09:00:00+00:00",
    "end": "2026-11-30T09:45:00+00:00",
    "format": "in_person",
    "place": "Lokalafdeling Odense, Havnegade 112, 5000 Odense C",
    "adviser": "Mette Holm",
    "status": "booked",
    "afbud": None,
    "contact": None,
    "participation": None,
}
_AFBUD = {
    "reason": "illness",
    "note": None,
    "assessment": "named",
    "at": "2026-11-25T08:00:00+00:00",
}
_CONTACT = {"at": "2026-11-30T09:20:00+00:00", "channel": "min_side"}
_INVITATION = {
    "id": "5d0e3c",
    "kind": "raadighed",
    "reason": "",
    "book_by": "2026-12-09",
    "status": "open",
}
_NEXT = {"kind": "raadighed", "book_by": "2026-12-09"}
_NEW = {**_MEETING, "id": "8f41aa", "start": "2026-12-01T12:30:00+00:00"} | {
    "end": "2026-12-01T13:15:00+00:00"
}
_ERROR = {
    "code": "time_taken",
    "message": "Tiden er ikke ledig længere. Der er ikke ændret noget.",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "Office": _OFFICE,
    "Member": {
        "id": "m1", "member_no": "100001", "name": "Anna Lind", "phone": "+4520000001",
        "office": _OFFICE, "unemployed_since": "2026-06-28",
    },
    "Afbud": _AFBUD,
    "Contact": _CONTACT,
    "Meeting": _MEETING,
    "Invitation": _INVITATION,
    "NextStep": _NEXT,
    "Course": {
        "unemployed_since": "2026-06-28", "phase": "first_six_months", "next": _NEXT,
        "invitations": [_INVITATION], "meetings": [_MEETING],
    },
    "CourseStep": {
        "kind": "raadighed", "number": 1, "status": "invited", "opens": "2026-12-07",
        "due": "2026-12-28", "meeting": None, "invitation": "5d0e3c",
    },
    "FreeTime": {
        "id": "1c9b70", "start": "2026-12-01T12:30:00+00:00", "end": "2026-12-01T13:15:00+00:00",
        "kinds": ["raadighed"], "formats": ["in_person", "digital"], "office": _OFFICE,
        "adviser": "Mette Holm",
    },
    "InboxMessage": {
        "id": "12", "at": "2026-11-25T08:00:00+00:00", "title": "Du har booket et møde",
        "text": "Din rådighedssamtale er booket til tirsdag den 1. december 2026 kl. 13.30 digitalt. "
        "Kvittering: MK-7F3K-92QD.", "receipt": "MK-7F3K-92QD",
    },
    "LogRow": {
        "at": "2026-11-25T08:00:00+00:00", "actor": "member:m1", "channel": "min_side",
        "action": "book", "meeting": "8f41aa", "receipt": "MK-7F3K-92QD", "before": None,
        "after": _NEW, "detail": None,
    },
    "Change": {
        "receipt": "MK-7F3K-92QD", "at": "2026-11-25T08:00:00+00:00", "meeting": _NEW,
        "replaced": {**_MEETING, "status": "cancelled", "afbud": _AFBUD},
    },
    "Invited": {
        "receipt": "MK-7F3K-92QD", "at": "2026-11-25T08:00:00+00:00", "invitation": _INVITATION,
        "meeting": None,
    },
    "Lookup": {"phone": "+4520000001"},
    "Book": {"time": "1c9b70", "format": "in_person"},
    "GiveAfbud": {"reason": "illness", "new_time": "1c9b70", "new_format": "digital"},
    "Move": {"new_time": "1c9b70"},
    "ChangeFormat": {"format": "digital"},
    "RegisterContact": {"at": "2026-11-30T10:20:00+01:00"},
    "RequestParticipation": {},
    "Attendance": {"status": "held"},
    "Assess": {"assessment": "lawful"},
    "AnswerParticipation": {"participation": "accepted"},
    "Invite": {"kind": "raadighed", "reason": "Vi er i tvivl om din joblog.", "book_by": "2026-12-09"},
    "Notice": {
        "id": "7", "kind": "deadline", "member": "m1", "due": "2026-12-06T08:00:00+00:00",
        "title": "Husk at booke dit møde", "text": "Husk at booke din rådighedssamtale. …",
        "sms": "Husk at booke dit møde hos os. …", "meeting": None, "invitation": "5d0e3c",
        "receipt": None, "said_in": None, "state": "waiting", "reported_at": None, "reason": None,
    },
    "NoticeFailed": {"reason": "unknown number"},
    "ErrorBody": _ERROR,
    "ErrorEnvelope": {"error": _ERROR},
}  # fmt: skip
"""By the type's name; each of them is a valid one."""

_NULL, _TEXT = {"type": "null"}, {"type": "string"}
TOGETHER: dict[str, dict[str, Any]] = {
    "GiveAfbud": {
        "anyOf": [
            {"properties": {"new_format": _NULL}},
            {"required": ["new_time"], "properties": {"new_time": {**_TEXT, "minLength": 1}}},
        ]
    },
    "NoticeFailed": {"type": ["object", "null"]},
    "Invite": {
        "oneOf": [
            {"required": ["book_by"], "properties": {"book_by": _TEXT, "time": _NULL}},
            {"required": ["time"], "properties": {"time": _TEXT, "book_by": _NULL}},
        ]
    },
}
"""By the type's name: what its validators ask for, in JSON Schema."""
