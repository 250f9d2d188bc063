"""A lint over every text that can go out by text message: characters, segments, links, health."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import gsm7
from bot.backend.contract import FreeTime, Meeting, Office
from bot.backend.inbox import load_texts
from bot.clock import COPENHAGEN
from bot.desk.words import desk_words
from bot.dialogue.danish import show_meeting, show_time
from bot.dialogue.wording import load_replies
from bot.gateway.replies import GatewayReplies
from bot.gateway.replies import load_replies as gateway_replies
from bot.gateway.sms.words import SmsReplies, Words, sms_replies
from bot.profile import Profile, load_profile

NOW = datetime(2026, 11, 23, 9, tzinfo=COPENHAGEN)
SOON = datetime(2026, 12, 28, 10, tzinfo=COPENHAGEN)
ADDRESS = "Møllergade 214, 5700 Svendborg"
OFFICE = Office(id="s", name="Lokalafdeling Svendborg", address=ADDRESS)
PROFILES = [load_profile(name) for name in ("standard", "fjord")]
DEADLINE = "onsdag den 23. september"

REPLIES = load_replies()
ONE_SEGMENT = (
    "afbud_done", "afbud_done_alone", "book_done", "move_done", "format_done", "participation_done",
    "contact_done",
)  # fmt: skip
"""Receipts."""
CONFIRMATIONS = (
    "afbud_confirm", "afbud_confirm_alone", "book_confirm", "move_confirm",
    "format_confirm_digital", "format_confirm_in_person",
    "participation_confirm",
)  # fmt: skip
"""Questions that end with `is_that_right`."""
NOT_SENT = ("summary_", "choice_", "meant_", "matter_")
"""For staff's eyes, or titles of choices."""


def longest(profile: Profile) -> dict[str, Any]:
    """The longest values that a template of this a-kasse meets in practice."""
    kind = max(
        (name for name, kind in profile.kinds.items() if kind.owner == "akasse"),
        key=lambda name: len(profile.kind(name).definite),
    )
    meeting = Meeting(
        id="m", kind=kind, owner="akasse", start=SOON, end=SOON + timedelta(hours=1),
        format="in_person", place=f"{OFFICE.name}, {ADDRESS}", adviser="Fatima Nielsen",
        status="booked",
    )  # fmt: skip
    time = FreeTime(
        id="t", start=SOON, end=SOON + timedelta(hours=1), kinds=[kind], formats=["in_person"],
        office=OFFICE, adviser="Fatima Nielsen",
    )  # fmt: skip
    words = show_meeting(meeting, profile, NOW)
    named = [reason.name for reason in profile.reasons.values() if reason.named]
    return {
        "meeting": words, "old": words, "new": show_time(time, kind, None, profile, NOW),
        "time": show_time(time, kind, None, profile, NOW), "receipt": "MK-7K3F-9Q2M",
        "deadline": DEADLINE, "day": DEADLINE, "kind": profile.kind(kind), "clock": "10.00",
        "support": profile.support, "systems": profile.systems, "since": f"{DEADLINE} 2025",
        "months": "11", "held": 2, "named": ", ".join(named), "office": OFFICE,
        "matter": REPLIES["matter_participation"].text, "times": ", ".join(["man 30/11 kl. 10.00"] * 4),
        "digital": ", ".join(["man 30/11 kl. 10.00"] * 3), "in_person": "man 30/11 kl. 10.00",
        "advisers": "Fatima Nielsen", "adviser": "Fatima Nielsen",
    }  # fmt: skip


class _Anything(dict[str, Any]):
    """Placeholders that the lint does not know: a word's length of letters."""

    def __missing__(self, name: str) -> str:
        return "x" * 12


def sms_of(key: str, profile: Profile) -> str:
    entry = REPLIES[key]
    return (entry.sms or entry.text).strip().format_map(_Anything(longest(profile)))


def everything() -> Iterator[tuple[str, str, int]]:
    """Where a text stands, the text as the longest member reads it, and its most segments."""
    for profile in PROFILES:
        for key in REPLIES:
            if not key.startswith(NOT_SENT):
                most = 1 if key in ONE_SEGMENT else 2
                yield f"dialogue.yml {key} ({profile.id})", sms_of(key, profile), most
        for key in CONFIRMATIONS:
            asked = f"{sms_of(key, profile)}\n{sms_of('is_that_right', profile)}"
            yield f"dialogue.yml {key} + is_that_right ({profile.id})", asked, 1
        words = Words(sms_replies(), profile)
        for key in SmsReplies.__fields__:
            if key not in ("auto_replies", "picture_notices") and not key.endswith("_summary"):
                said = words.say(key, code="123456", minutes=60, tries=2)
                yield f"sms.yml {key} ({profile.id})", said, 1 if key.startswith("code") else 2
        for kind, notice in load_texts().notices.items():
            values = _Anything(own_site=profile.systems.own_site, book_by=DEADLINE, day=DEADLINE)
            said = f"{notice.sms.format_map(values)} {words.say('answer_afbud')}"
            yield f"inbox.yml notices.{kind} ({profile.id})", said, 1
    replies = gateway_replies()
    for key in ("kept", "kept_too", "given_up", "claimed", "bot_again"):
        assert key in GatewayReplies.__fields__
        yield f"gateway.yml {key}", replies.fill(key, phone="70 00 00 00", name="Fatima Nielsen"), 2
    for key, told in desk_words().told.replies.items():
        if not key.startswith("choice_"):
            kind = PROFILES[0].kind("cv").name
            values = _Anything(
                {**longest(PROFILES[0]), "kind": kind}, opens=f"{DEADLINE} kl. 9.00", case=1234
            )
            yield f"desk.yml {key}", told.said(**_known(told, values)).sms, 2


def _known(told: Any, values: _Anything) -> dict[str, Any]:
    from string import Formatter

    names = {
        name.partition(".")[0]
        for text in (told.text, told.sms or "", told.en or "")
        for _, name, _, _ in Formatter().parse(text)
        if name
    }
    return {name: values[name] for name in names}


ALL = list(everything())


@pytest.mark.parametrize(
    ("text", "most"), [each[1:] for each in ALL], ids=[each[0] for each in ALL]
)
def test_a_text_can_be_sent_as_it_is_and_is_short(text: str, most: int) -> None:
    assert gsm7.foreign(text) == (), "write an `sms` with other characters"
    assert gsm7.segments(text) <= most, f"{gsm7.septets(text)} characters: write a shorter `sms`"
    assert "http" not in text
    assert "**" not in text


def test_the_lint_sees_them_all() -> None:
    assert len(ALL) > 200
    asking = {key for key in REPLIES if key.endswith("_confirm")} - {"nothing_to_confirm"}
    assert asking <= set(CONFIRMATIONS)
    assert {key for key in REPLIES if key.endswith("_done")} <= set(ONE_SEGMENT)


def test_no_text_asks_for_or_repeats_details_of_an_illness() -> None:
    asked = sms_of("afbud_reason", PROFILES[0])
    assert "Et enkelt ord er nok" in asked
    for key, entry in REPLIES.items():
        text = entry.sms or entry.text
        if not key.startswith("summary_"):  # for staff's eyes
            assert "{reason" not in text, key
            assert "{note" not in text, key
    for notice in load_texts().notices.values():
        assert "{kind}" not in notice.sms
        assert "{reason}" not in notice.sms
