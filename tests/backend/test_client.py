"""The client against a peer that is slow, down, odd or says no: over real sockets."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.backend.client import BackendClient
from bot.backend.failures import BackendRefusal, BackendUnavailable

MEMBER = {
    "id": "m1", "member_no": "1", "name": "Anna", "phone": None, "unemployed_since": "2026-01-01",
    "office": {"id": "o", "name": "Odense", "address": "Havnegade 1"},
}  # fmt: skip
MEETING = {
    "id": "x", "kind": "raadighed", "owner": "akasse", "start": "2026-12-01T09:00:00+00:00",
    "end": "2026-12-01T09:45:00+00:00", "format": "digital", "place": None, "adviser": None,
    "status": "booked",
}  # fmt: skip
CHANGE = {"receipt": "MK-2345-6789", "at": "2026-11-25T08:00:00+00:00", "meeting": MEETING}

Step = Callable[[BaseHTTPRequestHandler], None]


def says(status: int, body: Any) -> Step:
    def step(handler: BaseHTTPRequestHandler) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return step


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def sleeps(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)
    says(200, MEMBER)(handler)


class Peer:
    """A server that answers call after call by its script; the last step again and again."""

    def __init__(self) -> None:
        self.script: list[Step] = []
        self.calls: list[tuple[str, str, dict[str, str], bytes]] = []
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                peer.calls.append((self.command, self.path, dict(self.headers), body))
                step = peer.script.pop(0) if len(peer.script) > 1 else peer.script[0]
                self.close_connection = True
                try:
                    step(self)
                except OSError:
                    return  # the client did not wait for the answer

            do_GET = do_POST = _any  # noqa: N815

            def log_message(self, *_arguments: Any) -> None:
                return

            def finish(self) -> None:
                try:
                    super().finish()
                except (OSError, ValueError):
                    return  # hung up on purpose

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def client(self, **options: Any) -> BackendClient:
        return BackendClient(
            self.url, "token", "member:m1", "sms",
            **{"read_seconds": 0.3, "deadline_seconds": 0.9, **options},
        )  # fmt: skip


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_change_carries_who_where_and_its_key(peer: Peer) -> None:
    peer.script = [says(200, CHANGE)]
    change = peer.client().book("m/1", "t", "digital", key="p1")
    assert change.receipt == "MK-2345-6789"
    [(method, path, headers, body)] = peer.calls
    assert (method, path) == ("POST", "/members/m%2F1/meetings")
    assert headers["Authorization"] == "Bearer token"
    assert (headers["X-Actor"], headers["X-Channel"]) == ("member:m1", "sms")
    assert headers["Idempotency-Key"] == "p1"
    assert json.loads(body) == {"time": "t", "format": "digital"}


def test_acting_changes_the_caller_of_the_copy_only(peer: Peer) -> None:
    peer.script = [says(200, CHANGE)]
    client = peer.client()
    client.acting("staff:s@a.example", "desk").book("m1", "t", "digital", key="p1")
    client.book("m1", "t", "digital", key="p2")
    assert [call[2]["X-Actor"] for call in peer.calls] == ["staff:s@a.example", "member:m1"]


@pytest.mark.parametrize(
    "trouble", [hangs_up, sleeps, says(502, b""), says(503, {}), says(504, b"<html>")]
)
def test_passing_trouble_is_tried_again_with_the_same_key(peer: Peer, trouble: Step) -> None:
    peer.script = [trouble, trouble, says(200, CHANGE)]
    assert peer.client(deadline_seconds=5).book("m1", "t", "digital", key="p1").meeting.id == "x"
    assert [call[2]["Idempotency-Key"] for call in peer.calls] == ["p1"] * 3


@pytest.mark.parametrize("trouble", [hangs_up, sleeps, says(503, {})])
def test_lasting_trouble_ends_at_the_deadline(peer: Peer, trouble: Step) -> None:
    peer.script = [trouble]
    begun = time.monotonic()
    with pytest.raises(BackendUnavailable) as change:
        peer.client().book("m1", "t", "digital", key="p1")
    assert change.value.maybe_done
    assert time.monotonic() - begun < 2.0
    with pytest.raises(BackendUnavailable) as read:
        peer.client().member("m1")
    assert not read.value.maybe_done


def test_a_peer_that_is_down_has_done_nothing(peer: Peer) -> None:
    peer.script = [says(200, {})]
    client = peer.client()
    peer.server.shutdown()
    peer.server.server_close()
    with pytest.raises(BackendUnavailable) as error:
        client.book("m1", "t", "digital", key="p1")
    assert not error.value.maybe_done


@pytest.mark.parametrize(
    ("answer", "maybe_done"),
    [
        (says(500, {"error": {"code": "internal", "message": "x"}}), True),
        (says(200, b"<html>"), True),
        (says(200, {"odd": 1}), True),
        (says(302, b""), True),
        (says(404, b"<html>nginx</html>"), True),
        (says(401, {"error": {"code": "unauthorized", "message": "x"}}), False),
    ],
)
def test_what_no_back_end_says_is_not_tried_again(
    peer: Peer, answer: Step, maybe_done: bool
) -> None:
    peer.script = [answer]
    with pytest.raises(BackendUnavailable) as error:
        peer.client().book("m1", "t", "digital", key="p1")
    assert error.value.maybe_done is maybe_done
    assert len(peer.calls) == 1


def test_a_refusal_has_code_message_and_status(peer: Peer) -> None:
    peer.script = [says(409, {"error": {"code": "time_taken", "message": "Tiden er væk."}})]
    with pytest.raises(BackendRefusal) as error:
        peer.client().book("m1", "t", "digital", key="p1")
    refusal = error.value
    assert (refusal.code, refusal.message, refusal.status) == ("time_taken", "Tiden er væk.", 409)
    assert len(peer.calls) == 1


def test_lookup_of_nobody_is_none_and_other_refusals_are_told(peer: Peer) -> None:
    peer.script = [says(404, {"error": {"code": "not_found", "message": "x"}})]
    assert peer.client().lookup("+4520000001") is None
    peer.script = [says(422, {"error": {"code": "invalid", "message": "x"}})]
    with pytest.raises(BackendRefusal, match="invalid"):
        peer.client().lookup("+4520000001")


def test_proxies_and_netrc_of_the_machine_are_left_out(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    peer.script = [says(200, MEMBER)]
    assert peer.client().member("m1").name == "Anna"
    assert peer.calls[0][2]["Authorization"] == "Bearer token"
