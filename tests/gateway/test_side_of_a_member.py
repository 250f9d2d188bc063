"""A member's own records through the gateway: suggestions, Min side, the calendar file; and its limits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from bot.backend.client import BackendClient
from bot.desk.people import StaffEntry, put_staff
from bot.gateway.chat import MOST_STREAMS
from tests.backend.conftest import NOW, TOKEN, Backend, _running, backend, profile, snapshot
from tests.desk.clerk import Clerk
from tests.gateway.fake_rasa import FakeRasa, spoken
from tests.gateway.house import House, Member

__all__ = ["_running", "backend", "profile", "snapshot"]

MEETING = {
    "state": "booked", "title": "Rådighedssamtale", "start": "2026-11-30T09:00:00+00:00",
    "end": "2026-11-30T09:45:00+00:00", "format": "digital", "receipt": "MK-QAQX-HGCM",
}  # fmt: skip


@pytest.fixture(scope="module")
def _kept(
    tmp_path_factory: pytest.TempPathFactory, shared_rasa: FakeRasa, _running: Backend
) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("records"), shared_rasa)
    house.options["backend"] = BackendClient(_running.url, TOKEN, deadline_seconds=1.0)
    house.options["requests_per_minute"] = 200
    house.start()
    yield house
    house.stop()


@pytest.fixture
def kept(_kept: House, backend: Backend, rasa: FakeRasa) -> House:
    """A gateway in front of a real back end with the records of tests/backend/course.yml."""
    rasa.behave()
    return _kept


def get(member: Member, path: str) -> requests.Response:
    return requests.get(member.house.url + path, headers=member.headers, timeout=10)


def answers(rasa: FakeRasa, **more: object) -> None:
    rasa.answer = lambda _request: {"messages": [spoken("Svar", **more)], "flow": None}


def test_the_first_contact_fits_the_member(kept: House) -> None:
    said = get(kept.member("m2"), "/api/chat/welcome").json()
    assert said["now"] == NOW.isoformat()
    assert [each["title"] for each in said["suggestions"]] == [
        "Jeg kom ikke til mit møde", "Book rådighedssamtale senest 1. december",
        "Hvor er jeg i mit forløb?", "Tal med en medarbejder",
    ]  # fmt: skip


def test_without_the_records_it_is_general(house: House, member: Member) -> None:
    said = get(member, "/api/chat/welcome").json()
    assert "Se mine møder" in [each["title"] for each in said["suggestions"]]
    assert get(member, "/api/demo/side").status_code == 503


def test_min_side_shows_meetings_inbox_and_way(kept: House, backend: Backend) -> None:
    change = backend.client().afbud("m1", "x1", "illness", key="k1")
    side = get(kept.member("m1"), "/api/demo/side").json()
    assert side["member"]["name"] == "Anna Lind"
    assert [(m["title"], m["status_text"], m["can_change"]) for m in side["meetings"]] == [
        ("Møde i Jobcenteret", "Booket", False), ("Rådighedssamtale", "Meldt afbud", False),
    ]  # fmt: skip
    assert side["inbox"][0]["receipt"] == change.receipt
    (next_,) = [stop for stop in side["way"] if stop["place"] == "next"]
    assert next_["title"] == "Møde i Jobcenteret"


def test_the_calendar_file_is_the_members_own(kept: House, rasa: FakeRasa) -> None:
    anna, bo = kept.member("m1"), kept.member("m2")
    answers(rasa, calendar="x1")
    (message,) = anna.say("hej")["messages"]
    (attachment,) = message["attachments"]
    assert set(attachment) == {"kind", "url", "title"}
    assert (attachment["kind"], attachment["title"]) == ("ics", "Tilføj til kalender")
    file = get(anna, attachment["url"])
    assert file.status_code == 200
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert file.text.startswith("BEGIN:VCALENDAR")
    assert requests.get(kept.url + attachment["url"], timeout=5).status_code == 401
    for who, path in ((bo, attachment["url"]), (anna, "/api/chat/attachments/99999999")):
        answer = get(who, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    own = anna.history()["messages"][0]["id"]
    assert get(anna, f"/api/chat/attachments/{own}").status_code == 404


def test_a_file_of_a_meeting_that_is_gone_or_can_not_be_had(
    kept: House, house: House, rasa: FakeRasa
) -> None:
    answers(rasa, calendar="no-such-meeting")
    for where, status in ((kept, 404), (house, 503)):
        member = where.member("m1")
        url = member.say("hej")["messages"][0]["attachments"][0]["url"]
        answer = get(member, url)
        assert answer.status_code == status
        assert answer.json()["error"]["message"]


def test_cards_and_times_go_along(house: House, member: Member, rasa: FakeRasa) -> None:
    start = "2026-11-26T09:00:00+00:00"
    choices = [
        {"title": "tor 26/11 kl. 10.00", "payload": {"n": 1}, "start": start},
        {"title": "Senere tider", "payload": {"n": 2}},
    ]
    answers(rasa, cards=[MEETING], choices=choices)
    (message,) = member.say("hej")["messages"]
    assert message["cards"][0] == {
        **MEETING, "kind": "meeting", "owner": "akasse", "place": None, "adviser": None,
    }  # fmt: skip
    first, second = message["choices"]
    assert (set(first), set(second)) == ({"id", "title"}, {"id", "title"})
    assert message["times"] == {first["id"]: start}
    assert message["attachments"] == []
    (own, again) = member.history()["messages"]
    assert again == message
    assert "cards" not in own


def test_own_messages_are_known_again_and_staff_have_a_name(
    house: House, member: Member, rasa: FakeRasa
) -> None:
    wish = {"reason": "member_asked", "urgency": 2, "summary": "x"}
    answers(rasa, handover=wish)
    sent = "6f2c8f4e-4f3f-4d5e-9a56-0d9a3f7f9b11"
    member.post(client_id=sent, text="hej")
    put_staff(house.engine, [StaffEntry("eva@akasse.test", "Eva Holm", "a good long password")])
    eva = Clerk(house, "eva@akasse.test")
    (case,) = [
        each["id"]
        for each in eva.get("/api/desk/conversations").json()
        if each["member"] == member.name
    ]
    eva.post(f"{case}/claim")
    eva.post(f"{case}/reply", text="Hej")
    messages = member.history()["messages"]
    assert [each.get("client_id") for each in messages if each["from"] == "member"] == [sent]
    assert [each.get("name") for each in messages if each["from"] == "staff"] == ["Eva Holm"]
    assert all("name" not in each for each in messages if each["from"] != "staff")


def test_the_history_in_parts(member: Member) -> None:
    for number in range(4):
        member.say(str(number))
    whole = member.history()["messages"]

    def part(query: str) -> tuple[list[str], bool]:
        said = get(member, f"/api/chat/messages?{query}").json()
        return [each["text"] for each in said["messages"]], said["earlier"]

    assert part("last=3") == (["Svar på: 2", "3", "Svar på: 3"], True)
    assert part(f"last=3&before={whole[5]['id']}") == (["1", "Svar på: 1", "2"], True)
    assert part(f"last=3&before={whole[2]['id']}") == (["0", "Svar på: 0"], False)
    assert part("last=8")[1] is False
    assert part(f"last=2&after={whole[5]['id']}") == (["3", "Svar på: 3"], False)
    assert "earlier" not in member.history()


def test_a_member_has_only_so_many_pages_open(house: House, member: Member) -> None:
    address, pages = f"{house.url}/api/chat/events", []
    for _ in range(MOST_STREAMS):
        page = requests.get(address, headers=member.headers, stream=True, timeout=10)
        lines = page.iter_lines(chunk_size=1)
        assert next(lines) == b"event: state"
        pages.append((page, lines))
    refused = get(member, "/api/chat/events")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many")
    for page, _ in pages:
        page.close()


def test_one_address_can_not_ask_without_end(kept: House) -> None:
    """Before the token is looked at: guessing one is limited too."""
    told = []
    for _ in range(250):
        answer = requests.get(f"{kept.url}/api/chat/messages", timeout=5)
        told.append(answer.status_code)
        if answer.status_code == 429:
            break
    assert set(told) == {401, 429}
    assert answer.json()["error"] == {
        "code": "too_many",
        "message": "Der kommer lidt for meget på én gang fra dit netværk. "
        "Vent et øjeblik, og prøv så igen.",
    }
