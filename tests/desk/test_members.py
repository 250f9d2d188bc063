"""The member at the side: seen, searched, changed for, handed out, erased; in front of real records."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from bot.backend.client import BackendClient
from bot.desk.people import StaffEntry, put_staff
from bot.desk.tables import looks, member_cards
from bot.gateway.tables import conversations, messages
from tests.backend.conftest import TOKEN, Backend
from tests.desk.clerk import PASSWORD, Clerk, asks_for_staff, case_of, refused
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import House


@pytest.fixture(scope="module")
def staffed(
    tmp_path_factory: pytest.TempPathFactory, shared_rasa: FakeRasa, _running: Backend
) -> Iterator[House]:
    """A gateway in front of the real back end, with two of staff and a lead."""
    house = House(tmp_path_factory.mktemp("staffed"), shared_rasa)
    house.options["backend"] = BackendClient(_running.url, TOKEN, deadline_seconds=1.0)
    house.start()
    put_staff(
        house.engine,
        [
            StaffEntry("maria@akasse.test", "Maria", PASSWORD),
            StaffEntry("lead@akasse.test", "Lone", PASSWORD, "lead"),
        ],
    )
    yield house
    house.stop()


@pytest.fixture(scope="module")
def maria(staffed: House) -> Clerk:
    return Clerk(staffed, "maria@akasse.test")


@pytest.fixture(scope="module")
def lead(staffed: House) -> Clerk:
    return Clerk(staffed, "lead@akasse.test")


@pytest.fixture(autouse=True)
def fresh(backend: Backend, staffed: House) -> None:
    """Records as seeded, and no conversation from another test."""
    with staffed.engine.begin() as connection:
        connection.execute(conversations.delete())
        connection.execute(looks.delete())


def key() -> str:
    return str(uuid.uuid4())


def free(backend: Backend, member: str, number: int = 0, kind: str = "raadighed") -> str:
    return backend.client().times(member, kind=kind)[number].id


MEMBER = "/api/desk/members"


def test_each_change_is_made_in_the_name_of_staff_and_told_to_the_member(
    backend: Backend, staffed: House, maria: Clerk, rasa: FakeRasa
) -> None:
    anna = staffed.member("m1")
    asks_for_staff(anna, rasa)
    client = backend.client("member:m1")

    moved = maria.change(
        f"{MEMBER}/m1/meetings/x1/move", new_time=free(backend, "m1"), format="digital", key=key()
    )
    assert moved.status_code == 200, moved.text
    meeting = client.meetings("m1")
    live = next(one for one in meeting if one.owner == "akasse" and one.status == "booked")
    assert live.format == "digital"
    said = anna.lines()[-1]
    assert said[0] == "system"
    assert said[1].startswith("Maria har flyttet rådighedssamtalen til ")
    assert said[1].endswith(f"digitalt. Kvittering: {moved.json()['receipt']}.")

    given = maria.change(f"{MEMBER}/m1/meetings/{live.id}/afbud", reason="work", key=key())
    assert given.status_code == 200, given.text
    assessed = maria.change(
        f"{MEMBER}/m1/meetings/{live.id}/assessment", assessment="lawful", key=key()
    )
    assert assessed.status_code == 200, assessed.text
    booked = maria.change(
        f"{MEMBER}/m1/meetings", time=free(backend, "m1", 3), format="in_person", key=key()
    )
    assert booked.status_code == 200, booked.text
    client.request_participation("m1", "j1", key=key())
    answered = maria.change(
        f"{MEMBER}/m1/meetings/j1/participation", participation="accepted", key=key()
    )
    assert answered.status_code == 200, answered.text
    called = maria.change(
        f"{MEMBER}/m1/invitations", kind="raadighed", reason="Joblog", book_by="2026-12-20",
        key=key(),
    )  # fmt: skip
    assert called.status_code == 200, called.text

    rows = [row for row in client.log("m1") if row.actor.startswith("staff:")]
    assert [row.action for row in reversed(rows)] == [
        "move", "afbud", "assess", "book", "participation", "invite",
    ]  # fmt: skip
    assert {(row.actor, row.channel) for row in rows} == {("staff:maria@akasse.test", "desk")}
    told = [text for who, text in anna.lines() if who == "system" and "Kvittering" in text]
    assert len(told) == 6
    for row in rows:
        assert any(str(row.receipt) in text for text in told)


def test_attendance_is_noted(backend: Backend, maria: Clerk) -> None:
    path = f"{MEMBER}/m2/meetings/x2/attendance"
    assert maria.change(path, status="missed", key=key()).status_code == 200
    (meeting,) = [one for one in backend.client().meetings("m2") if one.id == "x2"]
    assert meeting.status == "missed"


def test_afbud_and_a_new_time_are_one_change(
    backend: Backend, staffed: House, maria: Clerk, rasa: FakeRasa
) -> None:
    anna = staffed.member("m1")
    asks_for_staff(anna, rasa)
    body: dict[str, Any] = {
        "reason": "illness", "new_time": free(backend, "m1"), "new_format": "in_person", "key": key(),
    }  # fmt: skip
    answers = [maria.change(f"{MEMBER}/m1/meetings/x1/afbud", **body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert len(backend.client().log("m1")) == 1
    told = [text for who, text in anna.lines() if "har meldt afbud for dig" in text]
    assert len(told) == 1, "sent three times, said once"
    assert "og booket en ny tid" in told[0]


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("m1/meetings/j1/afbud", {"reason": "work"}, (422, "jobcenter_owned")),
        ("m1/meetings/x2/move", {"new_time": "nothing"}, (404, "not_found")),
        ("m2/meetings/x2/afbud", {"reason": "work"}, (409, "begun")),
        ("nobody/meetings", {"time": "t", "format": "digital"}, (404, "not_found")),
        ("m1/invitations", {"kind": "raadighed", "reason": "x"}, (422, "invalid")),
        ("m1/meetings/x1/assessment", {"assessment": "lawful"}, (409, "not_live")),
        ("m1/meetings/x1/assessment", {"assessment": "perhaps"}, (422, "invalid")),
    ],
)
def test_what_the_records_refuse_changes_and_says_nothing(
    backend: Backend, staffed: House, maria: Clerk, rasa: FakeRasa, path, body, expected
) -> None:
    anna = staffed.member("m1")
    asks_for_staff(anna, rasa)
    before = anna.lines()
    assert refused(maria.change(f"{MEMBER}/{path}", key=key(), **body)) == expected
    assert anna.lines() == before
    assert [row for row in backend.client().log("m1") if row.channel == "desk"] == []


def test_a_change_without_key_log_in_or_csrf(staffed: House, maria: Clerk) -> None:
    path = f"{MEMBER}/m1/meetings/x1/afbud"
    assert refused(maria.change(path, reason="work")) == (422, "invalid")
    answer = maria.http.post(f"{staffed.url}{path}", json={"reason": "work", "key": key()})
    assert refused(answer) == (403, "csrf")


def test_silent_records_say_whether_it_may_have_happened(
    staffed: House, maria: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = staffed.options["backend"]
    monkeypatch.setattr(client, "_base", "http://127.0.0.1:9")  # nobody listens
    answer = maria.change(f"{MEMBER}/m1/meetings/x1/afbud", reason="work", key=key())
    assert refused(answer) == (503, "backend_unavailable")
    assert "ikke ændret noget" in answer.json()["error"]["message"]
    page = maria.get("/desk/members/m1")
    assert "kan ikke vises lige nu" in page.text


def test_the_page_of_a_case_shows_the_member_and_logs_the_look(
    staffed: House, maria: Clerk, rasa: FakeRasa
) -> None:
    anna = staffed.member("m1")
    asks_for_staff(anna, rasa)
    page = maria.get(f"/desk/{case_of(anna)}").text
    for words in ("Anna Lind", "100001", "Kommende møder", "mandag den 30. november kl. 10.00",
                  "Jobcenter Odense", "Vil tale med et menneske"):  # fmt: skip
        assert words in page
    seen = staffed.rows(looks)
    assert sorted((row.staff, row.member, row.what) for row in seen) == [
        ("maria@akasse.test", "m1", "conversation"),
        ("maria@akasse.test", "m1", "member"),
    ]
    maria.get(f"/desk/{case_of(anna)}")
    assert len(staffed.rows(looks)) == 2, "a page that refreshes is one look"


@pytest.mark.parametrize("do", ["book", "invite", "move", "afbud"])
def test_a_form_for_each_change(staffed: House, maria: Clerk, do: str) -> None:
    page = maria.get(f"/desk/members/m1?do={do}&meeting=x1").text
    assert 'name="key"' in page
    assert "tor 26/11 kl. 09.00 med Mette Holm" in page, "free times in words"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("m1", ["m1"]), ("100002", ["m2"]), ("+4520000001", ["m1"]), ("20 00 00 01", ["m1"]),
        ("lind", ["m1"]), ("kjær", []), ("%", []), ("", []), ("ukendt", []),
    ],
)  # fmt: skip
def test_search(staffed: House, maria: Clerk, words: str, found: list[str]) -> None:
    maria.get("/desk/members/m1")  # whoever was seen is found by name and number
    maria.get("/desk/members/m2")
    answer = maria.get(f"{MEMBER}?q={quote(words)}")
    assert [each["member"] for each in answer.json()] == found
    logged = [row.member for row in staffed.rows(looks, looks.c.what == "search")]
    assert logged == found


def test_search_by_case_number_and_on_the_page(
    staffed: House, maria: Clerk, rasa: FakeRasa
) -> None:
    anna = staffed.member("m1")
    asks_for_staff(anna, rasa)
    number = maria.get(f"/api/desk/conversations/{case_of(anna)}").json()["number"]
    assert f"/desk/{case_of(anna)}" in maria.get(f"/desk/find?q={number}").text
    assert "Anna Lind" in maria.get("/desk/find?q=m1").text


def test_the_case_as_a_file(backend: Backend, staffed: House, maria: Clerk, rasa: FakeRasa) -> None:
    anna = staffed.member("m1")
    asks_for_staff(anna, rasa)
    case = case_of(anna)
    maria.post(f"{case}/claim")
    maria.post(f"{case}/reply", text="<b>Hej</b>")
    maria.post(f"{case}/note", text="Ringede forgæves")
    change = maria.change(f"{MEMBER}/m1/meetings/x1/afbud", reason="work", key=key()).json()
    file = maria.get(f"/desk/{case}/file")
    assert "attachment" in file.headers["Content-Disposition"]
    for words in ("jeg vil tale med et menneske", "&lt;b&gt;Hej", "Ringede forgæves",
                  "Maria tog samtalen", change["receipt"], "ons 25/11 kl. 09.00"):  # fmt: skip
        assert words in file.text
    wire = maria.get(f"/desk/{case}/file?format=json").json()
    assert [each["kind"] for each in wire["entries"]].count("note") == 1
    assert [row["action"] for row in wire["changes"]] == ["afbud"]
    offered = [each for each in wire["entries"] if each.get("choices")]
    assert offered, "what was offered is shown too"
    assert [row.what for row in staffed.rows(looks)].count("case_file") == 2


def test_only_a_lead_hands_out_erases_and_sees_looks(
    staffed: House, maria: Clerk, lead: Clerk, rasa: FakeRasa
) -> None:
    anna = staffed.member("m1")
    asks_for_staff(anna, rasa)
    for answer in (
        maria.get(f"{MEMBER}/m1/export"), maria.change(f"{MEMBER}/m1/erase"), maria.get("/desk/looks"),
    ):  # fmt: skip
        assert refused(answer) == (403, "leads_only")
    file = lead.get(f"{MEMBER}/m1/export").json()
    assert any("menneske" in each["text"] for each in file["conversation"])
    assert file["records"]["member"]["name"] == "Anna Lind"
    lead.get(f"/desk/{case_of(anna)}")
    assert "Anna" in str(staffed.rows(member_cards))

    said = len(anna.lines())
    assert lead.change(f"{MEMBER}/m1/erase").json() == {"messages": said}
    assert anna.history()["messages"] == []
    assert staffed.rows(messages) == []
    assert staffed.rows(member_cards, member_cards.c.member == "m1") == []
    page = lead.get("/desk/looks?member=m1").text
    assert "Slettede medlemmets samtaler" in page
    assert "Lone" in page
    assert anna.say("hej igen")["messages"][0]["text"] == "Svar på: hej igen"
