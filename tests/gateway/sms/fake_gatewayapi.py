"""A GatewayAPI for tests that speaks its protocol over HTTP, well or badly, as told."""

from __future__ import annotations

import base64
import itertools
import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional

import jwt
import requests

TOKEN = "the-api-token-of-the-tests"
SECRET = "the-webhook-secret-of-the-tests-0123456789"


class FakeGatewayApi:
    """`POST /rest/mtsms`; calls `webhook` with messages and reports, signed.

    `plan`: how the next requests are treated, one each: ok, 400, 401, 429, 500, 502, slow (taken, but
    answered too late), cut (taken, but the connection is closed), nonsense (taken, odd answer).
    """

    def __init__(self) -> None:
        self.webhook = ""
        self.plan: deque[str] = deque()
        self.always: Optional[str] = None
        self.taken: list[dict[str, Any]] = []
        self.tries: list[float] = []
        self.refused_tokens = 0
        self._ids = itertools.count(1000)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Connections are refused from now on."""
        self._server.shutdown()
        self._server.server_close()

    def texts(self, phone: str) -> list[str]:
        """What was taken for a phone, in order."""
        return [each["message"] for each in self.of(phone)]

    def of(self, phone: str) -> list[dict[str, Any]]:
        """The requests that were taken for a phone."""
        return [each for each in self.taken if _to(each) == phone]

    def call(self, payload: dict[str, Any], secret: str = SECRET, **more: Any) -> requests.Response:
        """Call the gateway as the provider does: the JWT carries the payload."""
        signature = jwt.encode(payload, secret, algorithm=more.pop("algorithm", "HS256"))
        return requests.post(
            self.webhook, json=payload, headers={"X-Gwapi-Signature": signature}, timeout=5
        )

    def write(self, id_: int, phone: str, text: Optional[str], **more: Any) -> requests.Response:
        """A member's message."""
        return self.call({
            "id": id_, "msisdn": int(phone[1:]), "receiver": 451204, "message": text,
            "senttime": 1450000000, "webhook_label": "moedeklar", **more,
        })  # fmt: skip

    def report(self, message: dict[str, Any], status: str, **more: Any) -> requests.Response:
        """A delivery report."""
        return self.call({
            "id": message["id"], "msisdn": message["recipients"][0]["msisdn"], "time": 1450000000,
            "status": status, "error": "", "code": "", "userref": message["userref"], **more,
        })  # fmt: skip

    def _handler(fake) -> type[BaseHTTPRequestHandler]:  # noqa: N805  (self is the handler's)
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.tries.append(time.monotonic())
                right = base64.b64encode(f"{TOKEN}:".encode()).decode()
                if self.path != "/rest/mtsms" or self.headers["Authorization"] != f"Basic {right}":
                    fake.refused_tokens += 1
                    self._say(401, {"code": "0x0102"})
                    return
                how = fake.always or (fake.plan.popleft() if fake.plan else "ok")
                if how.isdigit():
                    retry = {"Retry-After": "1"} if how == "429" else {}
                    self._say(int(how), {"code": "0x0213", "message": "no"}, retry)
                    return
                message = {**body, "id": next(fake._ids)}
                fake.taken.append(message)
                if how == "cut":
                    self.close_connection = True
                    self.connection.close()
                    return
                if how == "slow":
                    time.sleep(1.5)
                usage = {"countries": {"DK": 1}, "currency": "DKK", "total_cost": 0.3}
                self._say(
                    200, "?" if how == "nonsense" else {"ids": [message["id"]], "usage": usage}
                )

            def _say(
                self, status: int, body: Any, headers: Optional[dict[str, str]] = None
            ) -> None:
                sent = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    for name, value in (headers or {}).items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the gateway did not want to wait

            def log_message(self, *_: Any) -> None:
                return

        return Handler


def _to(message: dict[str, Any]) -> str:
    return f"+{message['recipients'][0]['msisdn']}"
