"""The desk API: log-in, queue, claim, reply, note, back to the bot, close; and who may not."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from bot.desk.people import StaffEntry, put_staff
from bot.desk.tables import looks
from bot.gateway.tables import handover_log, staff
from tests.desk.clerk import PASSWORD, Clerk, case_of, refused
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import NOW, House, Member


def test_a_hand_over_there_and_back(house: House, waiting: Member, maria: Clerk) -> None:
    case = case_of(waiting)
    listed = maria.get("/api/desk/conversations?state=waiting").json()
    (mine,) = [each for each in listed if each["id"] == case]
    assert mine == {
        "id": case, "member": waiting.name, "state": "waiting", "channel": "min_side",
        "reason": "member_asked", "urgency": 2, "since": NOW.isoformat(),
        "summary": "Vil tale om sin plan.",
    }  # fmt: skip

    events = waiting.events()
    next(events)
    claimed = maria.post(f"{case}/claim")
    assert (claimed.status_code, claimed.json()["state"]) == (200, "staff")
    assert case not in str(maria.get("/api/desk/conversations?state=waiting").json())
    assert case in str(maria.get("/api/desk/conversations?state=staff").json())

    said = waiting.say("er du der?")
    assert said == {"messages": [], "state": "staff"}
    assert maria.post(f"{case}/reply", text="Hej, jeg hedder Maria").status_code == 200
    assert maria.post(f"{case}/note", text="Ring i morgen").status_code == 200
    whole = maria.get(f"/api/desk/conversations/{case}").json()
    shown = [(each["from"], each["text"]) for each in whole["transcript"]]
    assert shown == waiting.lines()
    assert shown[-2:] == [("member", "er du der?"), ("staff", "Hej, jeg hedder Maria")]
    assert [each["text"] for each in whole["notes"]] == ["Ring i morgen"]
    assert "Ring i morgen" not in str(waiting.history())

    assert maria.post(f"{case}/close", outcome="solved").json()["state"] == "bot"
    assert waiting.history()["state"] == "bot"
    assert waiting.say("tak")["messages"][0]["text"] == "Svar på: tak"
    sessions = [each["session"] for each in house.rasa.of(waiting.name)]
    assert [name.rsplit(".", 1)[1] for name in sessions] == ["1", "2"]
    assert house.rasa.texts(waiting.name) == ["jeg vil tale med et menneske", "tak"]

    live = [next(events) for _ in range(4)]
    kinds = [(kind, data.get("state") or data.get("from")) for kind, _, data in live]
    assert ("message", "system") in kinds
    assert ("state", "staff") in kinds
    steps = house.rows(handover_log, handover_log.c.conversation_id == case)
    assert [(row.who, row.from_state, row.to_state, row.why) for row in steps] == [
        ("bot", "bot", "waiting", "member_asked"),
        ("staff:maria@akasse.test", "waiting", "staff", "claimed"),
        ("staff:maria@akasse.test", "staff", "closed", "solved"),
        (f"member:{waiting.name}", "closed", "bot", "wrote"),
    ]
    seen = house.rows(looks, looks.c.conversation_id == case)
    assert [(row.staff, row.member, row.what) for row in seen] == [
        ("maria@akasse.test", waiting.name, "conversation")
    ]


def test_twenty_claims_one_wins(house: House, waiting: Member, maria: Clerk, ole: Clerk) -> None:
    case = case_of(waiting)
    clerks = [maria, ole] * 10
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda clerk: clerk.post(f"{case}/claim"), clerks))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [409] * 19
    codes = {refused(answer) for answer in answers if answer.status_code == 409}
    assert codes == {(409, "already_claimed")}
    claims = [
        row
        for row in house.rows(handover_log, handover_log.c.conversation_id == case)
        if row.to_state == "staff"
    ]
    assert len(claims) == 1
    assert [text for _, text in waiting.lines() if "Nu er" in text] == [waiting.lines()[-1][1]]


def test_a_claim_while_the_bot_is_thinking_silences_it(
    waiting: Member, maria: Clerk, rasa: FakeRasa
) -> None:
    rasa.hold = threading.Event()
    client_id = str(uuid.uuid4())
    answers: list[requests.Response] = []
    poster = threading.Thread(
        target=lambda: answers.append(waiting.post(client_id, text="hvad er Min plan?"))
    )
    poster.start()
    while rasa.texts(waiting.name)[-1] != "hvad er Min plan?":
        threading.Event().wait(0.02)
    case = case_of(waiting)
    assert maria.post(f"{case}/claim").status_code == 200
    poster.join(2)
    assert answers[0].json() == {"messages": [], "state": "staff"}
    assert maria.post(f"{case}/handback").status_code == 200
    rasa.behave()
    assert waiting.say("og nu?")["messages"][0]["text"] == "Svar på: og nu?"
    assert "Svar på: hvad er Min plan?" not in str(waiting.history())
    assert waiting.post(client_id, text="hvad er Min plan?").json()["messages"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [("reply", {"text": "hej"}), ("handback", {}), ("close", {"outcome": "solved"})],
)
def test_what_needs_a_claim(
    waiting: Member, maria: Clerk, ole: Clerk, path: str, body: dict[str, str]
) -> None:
    case = case_of(waiting)
    assert refused(maria.post(f"{case}/{path}", **body)) == (409, "illegal_transition")
    maria.post(f"{case}/claim")
    assert refused(ole.post(f"{case}/{path}", **body)) == (409, "already_claimed")
    assert maria.post(f"{case}/{path}", **body).status_code == 200


def test_a_conversation_that_the_bot_has_is_not_claimed(member: Member, maria: Clerk) -> None:
    member.say("hej")
    case = case_of(member)
    assert refused(maria.post(f"{case}/claim")) == (409, "illegal_transition")
    assert member.history()["state"] == "bot"


@pytest.mark.parametrize("case", ["x", str(uuid.uuid4()), "%00", "a%2Fb"])
def test_unknown_conversations(maria: Clerk, case: str) -> None:
    assert refused(maria.get(f"/api/desk/conversations/{case}")) == (404, "not_found")
    for path, body in (("claim", {}), ("reply", {"text": "x"}), ("note", {"text": "x"})):
        assert refused(maria.post(f"{case}/{path}", **body)) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("reply", {"text": " \x00"}, (422, "empty")),
        ("reply", {"text": "x" * 4001}, (413, "too_long")),
        ("reply", {}, (422, "invalid")),
        ("close", {"outcome": "gone"}, (422, "invalid")),
        ("close", {}, (422, "invalid")),
    ],
)
def test_bad_input(waiting: Member, maria: Clerk, path, body, expected) -> None:
    case = case_of(waiting)
    maria.post(f"{case}/claim")
    assert refused(maria.post(f"{case}/{path}", **body)) == expected


def test_an_unknown_state_in_the_query(maria: Clerk) -> None:
    assert refused(maria.get("/api/desk/conversations?state=bot")) == (422, "invalid")


def test_a_reply_is_masked_too(waiting: Member, maria: Clerk) -> None:
    case = case_of(waiting)
    maria.post(f"{case}/claim")
    maria.post(f"{case}/reply", text="dit nr. 010190-1234")
    assert waiting.lines()[-1] == ("staff", "dit nr. XXXXXX-XXXX")


def test_without_log_in_and_without_csrf(house: House, waiting: Member, maria: Clerk) -> None:
    case = case_of(waiting)
    base = f"{house.url}/api/desk/conversations"
    assert refused(requests.get(base, timeout=5)) == (401, "unauthorized")
    assert refused(requests.get(f"{base}/{case}", timeout=5)) == (401, "unauthorized")
    assert refused(requests.post(f"{base}/{case}/claim", timeout=5)) == (401, "unauthorized")
    forged = {"Cookie": "moedeklar_desk=forged"}
    assert refused(requests.get(base, headers=forged, timeout=5)) == (401, "unauthorized")
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": maria.csrf + "x"}):
        answer = maria.http.post(f"{base}/{case}/claim", headers=headers, timeout=5)
        assert refused(answer) == (403, "csrf")
    assert waiting.history()["state"] == "waiting"


def test_the_cookie_is_kept_from_scripts_and_other_sites(maria: Clerk) -> None:
    flags = maria.cookie.lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags


def test_passwords_are_kept_as_argon2_and_replaced(house: House, people: None) -> None:
    entry = StaffEntry("eva@akasse.test", "Eva", "first password")
    put_staff(house.engine, [entry])
    put_staff(house.engine, [StaffEntry("EVA@akasse.test", "Eva B", PASSWORD)])
    (row,) = house.rows(staff, staff.c.email == "eva@akasse.test")
    assert row.password_hash.startswith("$argon2id$")
    assert row.name == "Eva B"
    assert Clerk(house, "eva@akasse.test").csrf


def test_log_in_is_throttled(house: House, people: None) -> None:
    put_staff(house.engine, [StaffEntry("ida@akasse.test", "Ida", PASSWORD)])

    def log_in(password: str) -> tuple[int, str]:
        sent = {"email": "ida@akasse.test", "password": password}
        return refused(requests.post(f"{house.url}/api/desk/login", json=sent, timeout=10))

    assert [log_in("wrong") for _ in range(5)] == [(401, "wrong_login")] * 5
    assert log_in(PASSWORD) == (429, "too_many")


@pytest.mark.parametrize(
    "sent",
    [
        {"email": "nobody@akasse.test", "password": PASSWORD},
        {"email": "maria@akasse.test", "password": ""},
    ],
)
def test_a_wrong_log_in_says_one_thing(house: House, people: None, sent: dict[str, str]) -> None:
    answer = requests.post(f"{house.url}/api/desk/login", json=sent, timeout=10)
    assert refused(answer) == (401, "wrong_login")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("sent", [{}, {"email": "\ud800", "password": "x"}, {"email": 1}, []])
def test_an_unreadable_log_in(house: House, sent: Any) -> None:
    answer = requests.post(f"{house.url}/api/desk/login", json=sent, timeout=10)
    assert refused(answer) == (422, "invalid")


def test_logging_out_ends_the_session(house: House, people: None) -> None:
    clerk = Clerk(house, "ole@akasse.test")
    token = clerk.http.cookies["moedeklar_desk"]
    address = f"{house.url}/api/desk/logout"
    assert refused(clerk.http.post(address, timeout=5)) == (403, "csrf")
    answer = clerk.http.post(address, headers={"X-CSRF-Token": clerk.csrf}, timeout=5)
    assert answer.status_code == 200
    old = {"Cookie": f"moedeklar_desk={token}"}
    answer = requests.get(f"{house.url}/api/desk/conversations", headers=old, timeout=5)
    assert refused(answer) == (401, "unauthorized")


def test_the_page(house: House, waiting: Member, maria: Clerk) -> None:
    login = requests.get(f"{house.url}/desk", timeout=5)
    assert "Adgangskode" in login.text
    assert waiting.name not in login.text
    case = case_of(waiting)
    queue = maria.get("/desk").text
    assert waiting.name in queue
    assert "Vil tale om sin plan." in queue
    assert 'lang="da"' in queue
    assert "Tag samtalen" in maria.get(f"/desk/{case}").text
    maria.post(f"{case}/claim")
    waiting.post(text="<script>alert(1)</script>")
    page = maria.get(f"/desk/{case}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "Send svar" in page
    assert maria.get(f"/desk/{uuid.uuid4()}").status_code == 404
    for static in ("desk.css", "desk.js"):
        assert requests.get(f"{house.url}/static/desk/{static}", timeout=5).status_code == 200
