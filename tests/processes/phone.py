"""Phones that talk to the four real processes through the simulator."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

import requests

from tests.processes.house import House, eventually


@dataclass
class Phone:
    """One phone."""

    house: House
    number: str

    @property
    def _simulator(self) -> str:
        return f"{self.house.settings.gateway_url}/sms/simulator"

    def post(self, text: str, id_: str) -> int:
        """Send a text once; the status, 0 where nobody answered."""
        body = {"id": id_, "from": self.number, "text": text}
        try:
            return requests.post(self._simulator, json=body, timeout=5).status_code
        except requests.RequestException:
            return 0

    def deliver(self, text: str, id_: str = "") -> None:
        """Send a text as a provider does: again, with the same id, until it is acknowledged."""
        id_ = id_ or str(uuid.uuid4())
        eventually(lambda: self.post(text, id_) == 202, within=90)

    def inbox(self, after: int = 0) -> list[dict[str, Any]]:
        """What came to the phone."""
        query = {"to": self.number, "after": str(after)}
        answer = requests.get(f"{self._simulator}/messages", params=query, timeout=5)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def say(self, text: str) -> str:
        """Send a text and wait for the answer."""
        last = max((message["id"] for message in self.inbox()), default=0)
        self.deliver(text)
        return str(eventually(lambda: self.inbox(last))[0]["text"])

    def say_proven(self, text: str) -> str:
        """Say something personal, and answer with the code; what is said then."""
        asked = self.say(text)
        code = re.search(r"\b\d{6}\b", asked)
        assert code is not None, asked
        return self.say(code.group())

    def segments(self) -> int:
        """The longest message that came, in segments."""
        return max(message["segments"] for message in self.inbox())
