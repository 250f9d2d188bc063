"""Rasa's own channel, over HTTP on loopback."""

from __future__ import annotations

from urllib.parse import quote

import requests
from pydantic import ValidationError
from requests.adapters import HTTPAdapter

from bot.dialogue.spoken import TurnAnswer, TurnRequest
from bot.gateway.ports import RasaFailed

CONNECT_SECONDS = 2.0
READ_SECONDS = 9.0
"""Below the deadline of a member's request, so that the member hears why there is no answer yet."""


class RasaHttp:
    """`POST {url}/webhooks/gateway/turns`, `DELETE …/sessions/<session>`. Threads may share it."""

    def __init__(self, url: str, token: str, read_seconds: float = READ_SECONDS) -> None:
        self._channel = f"{url.rstrip('/')}/webhooks/gateway"
        self._times = (CONNECT_SECONDS, read_seconds)
        self._http = requests.Session()
        self._http.trust_env = False  # loopback: no proxy
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._http.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=32))

    def ask(self, request: TurnRequest) -> TurnAnswer:
        """One turn. Raises RasaFailed. Not retried here: the turn's own backoff does that."""
        response = self._send("POST", "/turns", request.json(exclude_none=True))
        if response.status_code != 200:
            raise RasaFailed(f"status {response.status_code}")
        try:
            answer = TurnAnswer.parse_raw(response.content)
        except ValidationError:
            raise RasaFailed("unreadable answer") from None  # its text would quote the member
        if not answer.messages:
            raise RasaFailed("empty answer")
        return answer

    def forget(self, session: str) -> None:
        """Delete the tracker of an ended session. Raises RasaFailed."""
        response = self._send("DELETE", f"/sessions/{quote(session, safe='')}")
        if response.status_code not in (200, 204, 404):
            raise RasaFailed(f"status {response.status_code}")

    def _send(self, method: str, path: str, body: str | None = None) -> requests.Response:
        try:
            return self._http.request(
                method,
                self._channel + path,
                data=None if body is None else body.encode(),
                headers={"Content-Type": "application/json"},
                timeout=self._times,
            )
        except requests.RequestException as error:
            raise RasaFailed(type(error).__name__) from None
