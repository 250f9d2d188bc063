"""Somebody of staff at the desk's API, and a member who waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bot.desk.people import StaffEntry, put_staff
from bot.gateway.tables import conversations
from tests.gateway.fake_rasa import FakeRasa, spoken
from tests.gateway.house import House, Member

PASSWORD = "a good long password"


class Clerk:
    """Somebody of staff, logged in."""

    def __init__(self, house: House, email: str) -> None:
        self.house, self.email = house, email
        self.http = requests.Session()
        answer = self.http.post(
            f"{house.url}/api/desk/login", json={"email": email, "password": PASSWORD}, timeout=10
        )
        assert answer.status_code == 200, answer.text
        self.csrf = answer.json()["csrf"]
        self.cookie = answer.headers["Set-Cookie"]

    def get(self, path: str) -> requests.Response:
        return self.http.get(f"{self.house.url}{path}", timeout=10)

    def post(self, path: str, **body: Any) -> requests.Response:
        """Change a conversation: `<id>/claim` and so on."""
        return self.change(f"/api/desk/conversations/{path}", **body)

    def change(self, path: str, **body: Any) -> requests.Response:
        return self.http.post(
            f"{self.house.url}{path}", json=body, headers={"X-CSRF-Token": self.csrf}, timeout=10
        )


@pytest.fixture(scope="module")
def people(shared_house: House) -> None:
    put_staff(
        shared_house.engine,
        [
            StaffEntry("Maria@Akasse.test", "Maria", PASSWORD),
            StaffEntry("ole@akasse.test", "Ole", PASSWORD),
            StaffEntry("lead@akasse.test", "Lone", PASSWORD, "lead"),
        ],
    )


@pytest.fixture(scope="module")
def maria(shared_house: House, people: None) -> Clerk:
    return Clerk(shared_house, "maria@akasse.test")


@pytest.fixture(scope="module")
def ole(shared_house: House, people: None) -> Clerk:
    return Clerk(shared_house, "ole@akasse.test")


@pytest.fixture(scope="module")
def lead(shared_house: House, people: None) -> Clerk:
    return Clerk(shared_house, "lead@akasse.test")


def asks_for_staff(
    member: Member,
    rasa: FakeRasa,
    reason: str = "member_asked",
    urgency: int = 2,
    english: bool = False,
) -> Any:
    """The member's turn that leads to a hand-over; what was answered to it."""
    wish = {"reason": reason, "urgency": urgency, "summary": "Vil tale om sin plan."}
    rasa.answer = lambda _: {
        "messages": [spoken("Et øjeblik", handover=wish, english=english)], "flow": None,
    }  # fmt: skip
    answered = member.say("jeg vil tale med et menneske")
    rasa.behave()
    return answered


@pytest.fixture
def waiting(member: Member, rasa: FakeRasa) -> Iterator[Member]:
    """A member who waits for a person."""
    asks_for_staff(member, rasa)
    yield member
    rasa.behave()


def case_of(member: Member) -> str:
    (row,) = member.house.rows(conversations, conversations.c.member == member.name)
    return str(row.id)


def refused(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]
