"""People with phones, for tests: they write to the gateway by the simulator, and read what comes."""

from __future__ import annotations

import itertools
import re
import uuid
from dataclasses import dataclass
from typing import Any, Optional

import requests

from tests.gateway.fake_rasa import echo, spoken
from tests.gateway.house import House, wait_for

_numbers = itertools.count(20_100_000)


@dataclass
class Phone:
    """One phone. `house` has a `url` and a simulator."""

    house: Any
    number: str

    def send(self, text: str, id_: Optional[str] = None) -> str:
        """Send a text, and give its id."""
        id_ = id_ or str(uuid.uuid4())
        answer = requests.post(
            f"{self.house.url}/sms/simulator",
            json={"id": id_, "from": self.number, "text": text},
            timeout=10,
        )
        assert answer.status_code == 202, answer.text
        return id_

    def inbox(self, after: int = 0) -> list[dict[str, Any]]:
        """What came to the phone."""
        answer = requests.get(
            f"{self.house.url}/sms/simulator/messages",
            params={"to": self.number, "after": str(after)},
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def texts(self) -> list[str]:
        """The texts that came, in order."""
        return [message["text"] for message in self.inbox()]

    def say(self, text: str, within: float = 10.0) -> str:
        """Send a text and wait for the answer."""
        last = max((message["id"] for message in self.inbox()), default=0)
        self.send(text)
        return str(wait_for(lambda: self.inbox(last), within)[0]["text"])

    def code(self) -> str:
        """The code in the newest message that has one."""
        codes = [found for text in self.texts() for found in re.findall(r"\b\d{6}\b", text)]
        assert codes, self.texts()
        return str(codes[-1])


def phone(house: House, member: Optional[str] = None) -> Phone:
    """A phone with a new number; the records know it as that member's, or not at all."""
    one = Phone(house, f"+45{next(_numbers)}")
    if member is not None:
        house.records.numbers[one.number] = member
    return one


def personal(request: dict[str, Any]) -> dict[str, Any]:
    """A bot that repeats, but first wants to know who asks for what is "mit"."""
    asked = str(request.get("text"))
    if request["metadata"].get("member") is None and ("mit" in asked or request.get("payload")):
        return {"messages": [spoken("Hvem er du?", verify=True)], "flow": None}
    return echo(request)
