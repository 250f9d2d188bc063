"""The demo of Min side, the headers of every answer, health, and the reset."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import get_args

import pytest
import requests

import bot.gateway.app
from bot.dialogue.spoken import CardState
from bot.gateway.replies import GatewayReplies, load_replies
from bot.gateway.reset import reset_gateway
from bot.gateway.tables import metadata
from bot.yaml_source import SourceError
from tests.gateway.house import House, Member, wait_for

STATIC = Path(bot.gateway.app.__file__).parent / "static"
WORD = re.compile(r'say\(\s*"(\w+)"')


def test_the_page_and_everything_it_loads_is_there(house: House) -> None:
    page = requests.get(f"{house.url}/", timeout=5)
    assert page.status_code == 200
    assert 'lang="da"' in page.text
    assert "<moedeklar-chat>" in page.text
    assert "require-trusted-types-for 'script'" in page.headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert requests.get(house.url + address, timeout=5).status_code == 200


def test_every_module_is_loaded_by_the_entry_and_reads_no_html() -> None:
    entry = (STATIC / "moedeklar-chat.js").read_text("utf-8")
    for script in STATIC.rglob("*.js"):
        text = script.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
        if script.parent.name == "widget":
            assert f'"./widget/{script.name}"' in entry


def test_scripts_come_compressed_and_are_asked_for_anew(house: House) -> None:
    address = f"{house.url}/static/chat/widget/chat.js"
    first = requests.get(address, headers={"Origin": "https://minside.test"}, timeout=5)
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["Access-Control-Allow-Origin"] == "https://minside.test"
    again = requests.get(address, headers={"If-None-Match": first.headers["ETag"]}, timeout=5)
    assert again.status_code == 304


def test_the_chats_texts_are_just_those_that_its_scripts_use(house: House) -> None:
    answer = requests.get(f"{house.url}/api/chat/texts", timeout=5).json()
    scripts = "".join(path.read_text("utf-8") for path in (STATIC / "widget").glob("*.js"))
    used = set(WORD.findall(scripts))
    used |= {f"card_{state}" for state in get_args(CardState)}
    used |= {"state_bot", "state_waiting", "state_staff"}  # state_${state}
    used |= {"unread", "unread_one", "listen", "listen_stop", "yesterday", "today", "tomorrow"}
    used |= {"session_over", "offline", "unreachable"}
    assert set(answer["texts"]) == used
    assert {link["address"] for link in answer["links"]} == {"https://jobnet.dk/", "tel:70000000"}
    assert "A-kassen" in " ".join(answer["welcome"]["lines"])


@pytest.mark.parametrize("path", ["/", "/desk", "/api/chat/messages", "/nowhere", "/healthz"])
def test_every_answer_has_the_security_headers(house: House, path: str) -> None:
    headers = requests.get(house.url + path, timeout=5).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_demo_log_in(house: House) -> None:
    listed = requests.get(f"{house.url}/api/demo/members", timeout=5).json()
    assert listed == {"members": [{"id": "m1", "name": "Anna", "note": "Har et møde"}]}
    address = f"{house.url}/api/demo/login"
    token = requests.post(address, json={"member": "m1"}, timeout=5).json()["token"]
    assert Member(house, "m1", token).say("hej")["state"] == "bot"
    for unknown in ({"member": "m2"}, {"member": None}, {}):
        assert requests.post(address, json=unknown, timeout=5).status_code == 404
    assert requests.post(address, data=b"x", timeout=5).status_code == 400


def test_no_demo_in_production(tmp_path: Path, own_house: House) -> None:
    production = House(
        tmp_path, own_house.rasa, env="production", jwks_url="http://127.0.0.1:9/keys"
    )
    production.start()
    try:
        for path in ("/", "/api/demo/members", "/docs"):
            answer = requests.get(production.url + path, timeout=5)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        answer = requests.post(f"{production.url}/api/demo/login", json={}, timeout=5)
        assert answer.status_code == 404
    finally:
        production.stop()


def test_cors_is_for_configured_origins_only(house: House) -> None:
    wanted = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    for origin, allowed in (("https://minside.test", True), ("https://evil.test", False)):
        answer = requests.options(
            f"{house.url}/api/chat/messages", headers={"Origin": origin, **wanted}, timeout=5
        )
        assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is allowed


def test_health_ready_and_metrics(house: House, member: Member) -> None:
    member.say("hej")
    assert requests.get(f"{house.url}/healthz", timeout=5).json() == {"status": "ok"}
    assert requests.get(f"{house.url}/readyz", timeout=5).json() == {"status": "ok"}
    metrics = requests.get(f"{house.url}/metrics", timeout=5).text
    assert 'route="/api/chat/messages"' in metrics
    assert member.name not in metrics


def test_a_reset_is_complete_while_the_gateway_runs(own_house: House) -> None:
    own_house.start()
    rasa, member = own_house.rasa, own_house.member()
    member.say("før")
    last = member.history()["messages"][-1]["id"]
    rasa.hold = threading.Event()
    poster = threading.Thread(target=member.post, kwargs={"text": "under"})
    poster.start()
    wait_for(lambda: len(rasa.of(member.name)) == 2)
    session = rasa.of(member.name)[0]["session"]
    assert reset_gateway(own_house.engine) == [session]
    rasa.behave()
    poster.join()
    assert member.history() == {"messages": [], "state": "bot"}
    for table in metadata.sorted_tables:
        assert own_house.rows(table) == []
    member.say("efter")
    history = member.history()["messages"]
    assert [each["text"] for each in history] == ["efter", "Svar på: efter"]
    assert history[0]["id"] > last
    assert rasa.of(member.name)[-1]["session"] != session


def test_every_text_fills_and_names_its_placeholders() -> None:
    replies = load_replies()
    for occasion in GatewayReplies.__fields__:
        text = replies.fill(occasion, phone="70 00 00 00", name="Maria", limit=4000)
        assert text
        assert "{" not in text


def test_a_wrong_placeholder_is_named_with_its_line(tmp_path: Path) -> None:
    right = Path("data/replies/gateway.yml").read_text("utf-8")
    wrong = tmp_path / "gateway.yml"
    wrong.write_text(right.replace("{name}", "{nmae}"), "utf-8")
    with pytest.raises(SourceError, match=r"gateway.yml:\d+: claimed: unknown placeholder nmae"):
        load_replies(wrong)
