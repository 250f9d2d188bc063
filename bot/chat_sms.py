"""`moedeklar chat --channel sms`: a member's phone in the terminal, through the simulator."""

from __future__ import annotations

import time
import uuid
from typing import Any

import requests

from bot.backend.client import BackendClient
from bot.backend.failures import BackendRefusal
from bot.settings import Settings

TIMEOUT = (3.0, 10.0)
ANSWER_SECONDS = 20.0
"""How long an answer is waited for; what comes later is shown before the next one."""
LOOK_SECONDS = 0.3


class NoPhone(Exception):
    """There is no such member, or the member has no phone number."""


def chat_by_sms(settings: Settings, member: str) -> None:
    """Each line is a text message; what comes to the phone is printed. Raises NoPhone."""
    phone = _Phone(settings.gateway_url, _number(settings, member))
    print(f"Skriv sms'er fra {phone.number}. Ctrl-D slutter.")
    while True:
        phone.show_new()
        try:
            text = input("Du: ").strip()
        except EOFError:
            print()
            return
        if not text or not phone.send(text):
            continue
        until = time.monotonic() + ANSWER_SECONDS
        while not phone.show_new() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)


def _number(settings: Settings, member: str) -> str:
    try:
        found = BackendClient(settings.backend_url, settings.service_token).member(member).phone
    except BackendRefusal:
        raise NoPhone(f"there is no member {member!r}") from None
    if found is None:
        raise NoPhone(f"{member} has no phone number, and so no text messages")
    return found


class _Phone:
    """A number, and how far its messages were shown."""

    def __init__(self, gateway: str, number: str) -> None:
        self.number, self._simulator, self._seen = number, f"{gateway}/sms/simulator", 0
        self._seen = max((message["id"] for message in self._came()), default=0)

    def send(self, text: str) -> bool:
        """Whether the gateway took it."""
        message = {"id": str(uuid.uuid4()), "from": self.number, "text": text}
        return _call("POST", self._simulator, json=message) is not None

    def show_new(self) -> bool:
        """Print what has come since; whether there was anything."""
        new = self._came()
        for message in new:
            self._seen = message["id"]
            print(f"Sms ({message['segments']}): {message['text']}")
        return bool(new)

    def _came(self) -> list[dict[str, Any]]:
        query = {"to": self.number, "after": str(self._seen)}
        return list(_call("GET", f"{self._simulator}/messages", params=query) or [])


def _call(method: str, address: str, **given: Any) -> Any:
    """The answer's JSON; None, and a line that says why, where there is none."""
    try:
        answer = requests.request(method, address, timeout=TIMEOUT, **given)
        data = answer.json()
    except (requests.RequestException, ValueError) as error:
        print(f"Gatewayen svarer ikke ({type(error).__name__}). Kører `make up`?")
        return None
    if not answer.ok:
        print(f"[{answer.status_code} {data['error']['code']}] {data['error']['message']}")
        return None
    return data
