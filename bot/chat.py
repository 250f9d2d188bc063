"""`moedeklar chat`: a conversation in the terminal, through the chat API like any member's."""

from __future__ import annotations

import uuid
from typing import Any, Optional

import requests

from bot.gateway.tokens import mint_token
from bot.settings import Settings

TIMEOUT = (3.0, 30.0)
"""Seconds to connect, and to wait for an answer (the gateway's own deadline is shorter)."""

_SPEAKERS = {"bot": "Mødeklar", "staff": "Medarbejder", "system": "System", "member": "Du"}


def chat(settings: Settings, member: str) -> None:
    """Read lines until end of input; a bare number picks the choice of that number."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {mint_token(settings, member)}"
    address = f"{settings.gateway_url}/api/chat/messages"
    history = _call(session, "GET", address)
    if history is None:
        return
    seen = max((int(message["id"]) for message in history["messages"]), default=0)
    choices: list[dict[str, Any]] = []
    print("Skriv til Mødeklar. Et tal vælger et af valgene. Ctrl-D slutter.")
    while True:
        try:
            text = input("Du: ").strip()
        except EOFError:
            print()
            return
        if not text:
            continue
        body: dict[str, Any] = {"client_id": str(uuid.uuid4())}
        if text.isdigit() and 0 < int(text) <= len(choices):
            body["choice"] = choices[int(text) - 1]["id"]
        else:
            body["text"] = text
        answer = _call(session, "POST", address, body)
        news = _call(session, "GET", f"{address}?after={seen}")
        if answer is None or news is None:
            continue
        for message in news["messages"]:
            seen = max(seen, int(message["id"]))
            if message["from"] == "member":
                continue
            choices = message["choices"]
            _show(message)
        if news["state"] == "staff":
            print("(En medarbejder har samtalen.)")


def _call(
    session: requests.Session, method: str, address: str, body: Optional[dict[str, Any]] = None
) -> Optional[dict[str, Any]]:
    try:
        answer = session.request(method, address, json=body, timeout=TIMEOUT)
        data: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError) as error:
        print(f"Gatewayen svarer ikke ({type(error).__name__}). Kører `make up`?")
        return None
    if "error" in data:
        print(f"[{answer.status_code} {data['error']['code']}] {data['error']['message']}")
        return None
    return data


def _show(message: dict[str, Any]) -> None:
    print(f"{_SPEAKERS[message['from']]}: {message['text']}")
    for number, choice in enumerate(message["choices"], start=1):
        print(f"   {number}) {choice['title']}")
    for source in message["sources"]:
        print(f"   Kilde: {source['title']}, {source['section']}")
