"""A Rasa for tests that speaks the real protocol over HTTP: it delays, errs, says nothing, dies."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional
from urllib.parse import unquote

TOKEN = "the-rasa-token-of-the-tests"
Answer = Callable[[dict[str, Any]], dict[str, Any]]


def spoken(text: str, **more: Any) -> dict[str, Any]:
    """One message of the bot, as the wire has it."""
    return {"text": text, "sms": text, **more}


def echo(request: dict[str, Any]) -> dict[str, Any]:
    """The answer of a bot that only repeats."""
    return {"messages": [spoken(f"Svar på: {request['text']}")], "flow": None}


class FakeRasa:
    """`POST /webhooks/gateway/turns`, `DELETE …/sessions/<s>`; a known message_id is replayed."""

    def __init__(self) -> None:
        self.port = 0
        self.answer: Answer = echo
        self.status = 200
        self.delay = 0.0
        self.hold: Optional[threading.Event] = None
        self.seen: list[dict[str, Any]] = []
        self.forgotten: list[str] = []
        self.at_work: Counter[str] = Counter()
        self.most_at_work: Counter[str] = Counter()
        self._stored: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._server: Optional[ThreadingHTTPServer] = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; after a stop on the same port again."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Connections are refused from now on."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def behave(self) -> None:
        """Back to a healthy bot that repeats."""
        self.answer, self.status, self.delay = echo, 200, 0.0
        if self.hold is not None:
            self.hold.set()
        self.hold = None

    def texts(self, member: str) -> list[str]:
        """What the bot was asked about a member, in order, each message once."""
        asked = {
            each["message_id"]: each["text"]
            for each in self.seen
            if each["metadata"].get("member") == member
        }
        return list(asked.values())

    def of(self, member: str) -> list[dict[str, Any]]:
        """Every request about a member."""
        return [each for each in self.seen if each["metadata"].get("member") == member]

    def turn(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        conversation = request["session"].split(".")[0]
        with self._lock:
            self.seen.append(request)
            self.at_work[conversation] += 1
            now = self.at_work[conversation]
            self.most_at_work[conversation] = max(now, self.most_at_work[conversation])
            stored = self._stored.get(request["message_id"])
        try:
            status, answer, hold = self.status, self.answer, self.hold
            if hold is not None:
                hold.wait(20)
            time.sleep(self.delay)
            if status != 200:
                return status, {"error": "the turn failed"}
            if stored is None:
                stored = answer(request)
                self._stored[request["message_id"]] = stored
            return 200, stored
        finally:
            with self._lock:
                self.at_work[conversation] -= 1

    def _handler(fake) -> type[BaseHTTPRequestHandler]:  # noqa: N805  (self is the handler's)
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path != "/webhooks/gateway/turns":
                    self._say(404, {})
                elif self.headers["Authorization"] != f"Bearer {TOKEN}":
                    self._say(401, {})
                else:
                    self._say(*fake.turn(json.loads(body)))

            def do_DELETE(self) -> None:
                fake.forgotten.append(unquote(self.path.rsplit("/", 1)[1]))
                self._say(204, None)

            def _say(self, status: int, body: Any) -> None:
                sent = b"" if body is None else json.dumps(body).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the gateway did not want to wait

            def log_message(self, *_: Any) -> None:
                return

        return Handler
