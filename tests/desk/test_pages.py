"""What the desk's pages say: escalation, the pulse, roles, segments, a log-in that ran out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from sqlalchemy import insert, update

from bot.clock import read_instant
from bot.database import writing
from bot.desk.people import StaffEntry, put_staff
from bot.gateway.sms.tables import outbox
from bot.gateway.tables import conversations, staff_sessions
from bot.profile import load_profile
from tests.desk.clerk import PASSWORD, Clerk, asks_for_staff, case_of, refused
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import NOW, House, Member, wait_for

LATE = load_profile("standard").support.escalate_minutes


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, shared_rasa: FakeRasa) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("pages"), shared_rasa)
    house.start()
    put_staff(house.engine, [StaffEntry("maria@akasse.test", "Maria", PASSWORD)])
    yield house
    house.stop()


@pytest.fixture
def quiet(own: House) -> House:
    """Nobody waits, and it is nine on a Wednesday."""
    with own.engine.begin() as connection:
        connection.execute(conversations.delete())
    own.clock.instant = NOW
    return own


@pytest.fixture
def maria(own: House) -> Clerk:
    return Clerk(own, "maria@akasse.test")


def pulse(clerk: Clerk, case: str = "") -> dict[str, object]:
    answer = clerk.get(f"/api/desk/pulse{f'?case={case}' if case else ''}")
    assert answer.status_code == 200, answer.text
    said: dict[str, object] = answer.json()
    return said


@pytest.mark.parametrize(
    ("came", "looked", "late"),
    [
        ("2026-11-25T09:00", f"2026-11-25T09:{LATE - 1:02}", False),
        ("2026-11-25T09:00", f"2026-11-25T09:{LATE:02}", True),
        ("2026-11-25T20:00", "2026-11-26T08:59", False),  # a night is no delay
        ("2026-11-25T20:00", f"2026-11-26T09:{LATE:02}", True),
    ],
)
def test_what_nobody_claims_stands_out(
    quiet: House, maria: Clerk, rasa: FakeRasa, came: str, looked: str, late: bool
) -> None:
    quiet.clock.instant = read_instant(came)
    asks_for_staff(quiet.member("m-late"), rasa, "participation", 3)
    before = pulse(maria)
    quiet.clock.instant = read_instant(looked) - timedelta(seconds=1)
    asks_for_staff(quiet.member("m-new"), rasa, "crisis", 1)
    quiet.clock.instant = read_instant(looked)
    page = maria.get("/desk").text
    assert ("Ingen har taget den i" in page) is late
    assert (page.index("m-late") < page.index("m-new")) is late, "overdue comes first"
    assert page.count("Haster") == 1
    assert "(2) " in page
    assert pulse(maria) != before


def test_the_pulse_changes_with_all_that_a_page_shows(
    quiet: House, maria: Clerk, rasa: FakeRasa
) -> None:
    member = quiet.member()
    member.say("hej")
    case = case_of(member)
    seen = [pulse(maria, case)["version"]]

    def changed() -> None:
        wait_for(lambda: pulse(maria, case)["version"] != seen[-1], 5)
        wait_for(lambda: pulse(maria, case) == pulse(maria, case), 5)
        seen.append(pulse(maria, case)["version"])

    asks_for_staff(member, rasa)
    changed()
    assert pulse(maria)["waiting"] == 1
    assert pulse(maria)["newest"] == NOW.isoformat()
    for path, body in (
        ("claim", {}), ("note", {"text": "n"}), ("reply", {"text": "r"}), ("handback", {}),
    ):  # fmt: skip
        assert maria.post(f"{case}/{path}", **body).status_code == 200
        changed()
    member.say("hej igen")
    changed()
    assert len(set(seen)) == len(seen)
    assert pulse(maria)["waiting"] == 0


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Hej", 1),
        ("å" * 160, 1),
        ("å" * 161, 2),
        ("€" * 80, 1),
        ("", 1),
        ("x" * 1000, 7),
        ("🙂", 1),
    ],
)
def test_the_length_as_text_messages(own: House, maria: Clerk, text: str, segments: int) -> None:
    assert maria.change("/api/desk/segments", text=text).json() == {"segments": segments}


def test_everything_needs_a_log_in(own: House, maria: Clerk) -> None:
    case = str(uuid.uuid4())
    for path in ("/api/desk/pulse", f"/desk/{case}/file", "/api/desk/members?q=a",
                 "/api/desk/members/m1", "/api/desk/members/m1/export"):  # fmt: skip
        assert refused(requests.get(f"{own.url}{path}", timeout=5)) == (401, "unauthorized")
    for path in ("/desk", "/desk/find?q=a", "/desk/looks", "/desk/members/m1"):
        assert "Adgangskode" in requests.get(f"{own.url}{path}", timeout=5).text
    assert refused(maria.get("/desk/looks")) == (403, "leads_only")
    assert refused(maria.get(f"/desk/{case}")) == (404, "not_found")
    assert refused(maria.get("/desk/members/m1/nothing")) == (404, "not_found")


def test_a_session_ends_with_time_and_with_a_new_password(own: House) -> None:
    put_staff(own.engine, [StaffEntry("kim@akasse.test", "Kim", PASSWORD)])
    kim = Clerk(own, "kim@akasse.test")
    put_staff(own.engine, [StaffEntry("kim@akasse.test", "Kim B", PASSWORD)])
    assert kim.get("/api/desk/pulse").status_code == 200, "the same password: nothing ends"
    put_staff(own.engine, [StaffEntry("kim@akasse.test", "Kim B", "another password")])
    assert refused(kim.get("/api/desk/pulse")) == (401, "unauthorized")
    put_staff(own.engine, [StaffEntry("kim@akasse.test", "Kim B", PASSWORD)])
    kim = Clerk(own, "kim@akasse.test")
    with writing(own.engine) as session:
        session.execute(
            update(staff_sessions)
            .where(staff_sessions.c.email == "kim@akasse.test")
            .values(expires_at=read_instant("2020-01-01"))
        )
    assert refused(kim.get("/api/desk/pulse")) == (401, "unauthorized")


def test_a_long_conversation_shows_its_end_first(
    quiet: House, maria: Clerk, rasa: FakeRasa
) -> None:
    member: Member = quiet.member()
    for number in range(61):
        member.say(f"besked {number}.")
    case = case_of(member)
    page = maria.get(f"/desk/{case}").text
    assert "Vis de 2 tidligere" in page
    assert "besked 60." in page
    assert "besked 0." not in page
    assert "besked 0." in maria.get(f"/desk/{case}?whole=1").text
    assert len(maria.get(f"/api/desk/conversations/{case}").json()["transcript"]) == 122


def test_without_records_the_page_says_so_and_the_desk_works(
    quiet: House, maria: Clerk, rasa: FakeRasa
) -> None:
    member = quiet.member()
    asks_for_staff(member, rasa)
    page = maria.get(f"/desk/{case_of(member)}")
    assert "kan ikke vises lige nu" in page.text
    assert "Tag samtalen" in page.text
    key = str(uuid.uuid4())
    answer = maria.change("/api/desk/members/m1/meetings", time="t", format="digital", key=key)
    assert refused(answer) == (503, "backend_unavailable")


def test_a_phone_that_nobody_vouches_for(quiet: House, maria: Clerk) -> None:
    case = str(uuid.uuid4())
    with writing(quiet.engine) as session:
        session.execute(
            insert(conversations).values(
                id=case, member=None, phone="+4520000077", state="waiting", channel="sms",
                created_at=NOW, changed_at=NOW, handover_since=NOW, handover_urgency=2,
                handover_reason="member_asked",
            )
        )  # fmt: skip
    listed = maria.get("/api/desk/conversations?state=waiting").json()
    assert [(each["id"], each["member"]) for each in listed] == [(case, None)]
    page = maria.get(f"/desk/{case}").text
    assert "Ukendt telefon" in page
    assert "telefonen er ikke bekræftet" in page
    assert maria.post(f"{case}/claim").status_code == 200
    assert maria.post(f"{case}/reply", text="Hej. " * 100).status_code == 200
    assert 'data-segments="/api/desk/segments"' in maria.get(f"/desk/{case}").text
    sent = quiet.rows(outbox, outbox.c.conversation_id == case, outbox.c.kind == "staff")
    assert [row.phone for row in sent] == ["+4520000077"]
    assert (
        sent[0].segments
        == maria.change("/api/desk/segments", text="Hej. " * 100).json()["segments"]
    )
    assert maria.post(f"{case}/close", outcome="no_answer").status_code == 200
    file = maria.get(f"/desk/{case}/file")
    assert "Sms " in file.text, "what became of each text message stands in the file"
