"""The chat on an a-kasse's own page: a real gateway, behind it a fake Rasa that says what a test wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.embedding import HostSite
from tests.gateway.fake_rasa import FakeRasa, spoken
from tests.gateway.house import House, Member

expect.set_options(timeout=10_000)

FIELD = "Din besked"
OPEN = re.compile("Skriv med os")
POSTS = "**/api/chat/messages"

MEETING = {
    "kind": "meeting", "title": "Rådighedssamtale", "start": "2026-11-26T09:00:00+00:00",
    "end": "2026-11-26T09:45:00+00:00", "format": "in_person", "place": "Lokalafdeling Odense",
    "adviser": "Hanne Holm", "owner": "akasse",
}  # fmt: skip
NEW_MEETING = {
    **MEETING, "start": "2026-12-01T12:00:00+00:00", "end": "2026-12-01T12:45:00+00:00",
    "format": "digital", "receipt": "MK-QAQX-HGCM",
}  # fmt: skip
FULL = spoken(
    "Det er gjort. Book på jobnet.dk, eller ring på 70 00 00 00.",
    cards=[{**MEETING, "state": "cancelled"}, {**NEW_MEETING, "state": "booked"}],
    sources=[{"title": "Samtaler i a-kassen", "section": "Pligt til at deltage"}],
    choices=[
        {"title": "tor 26/11 kl. 10.00", "payload": {"n": 1}, "start": "2026-11-26T09:00:00+00:00"},
        {"title": "tor 26/11 kl. 13.30", "payload": {"n": 2}, "start": "2026-11-26T12:30:00+00:00"},
        {"title": "fre 27/11 kl. 09.00", "payload": {"n": 3}, "start": "2026-11-27T08:00:00+00:00"},
        {"title": "Senere tider", "payload": {"n": 4}},
    ],
    calendar="x1",
)


@dataclass
class Street:
    """The gateway, and beside it the a-kasse's own site that embeds the chat."""

    house: House
    site: HostSite

    @property
    def rasa(self) -> FakeRasa:
        return self.house.rasa

    def says(self, *messages: dict[str, Any]) -> None:
        """What the bot answers from now on, each in its own turn; the last one goes on."""
        left = list(messages)
        self.rasa.answer = lambda _request: {
            "messages": [left.pop(0) if len(left) > 1 else left[0]], "flow": None,
        }  # fmt: skip


Embed = Callable[..., Page]


@pytest.fixture(scope="package")
def _street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    rasa, site = FakeRasa(), HostSite()
    rasa.start()
    house = House(tmp_path_factory.mktemp("gateway"), rasa)
    house.settings.cors_origins = site.origin
    house.start()
    site.start(house.url, house.settings)
    yield Street(house, site)
    site.stop()
    house.stop()
    rasa.stop()


@pytest.fixture
def street(_street: Street) -> Iterator[Street]:
    _street.site.token = None
    yield _street
    _street.rasa.behave()


@pytest.fixture
def member(street: Street) -> Member:
    found = street.house.member()
    street.site.member = found.name
    return found


@pytest.fixture
def embed(browser: Browser, street: Street, member: Member) -> Iterator[Embed]:
    """A page with the chat, for the test's member; faults of scripts and of the policy fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(*, width: int = 1100, height: int = 800, script: str = "", **more: Any) -> Page:
        context = browser.new_context(
            locale="da-DK", timezone_id="America/New_York",
            viewport={"width": width, "height": height}, **more,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if script:
            page.add_init_script(script)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Policy" in said.text else None)
        page.goto(street.site.origin)
        page.locator(".launcher").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def open_chat(page: Page) -> None:
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_label(FIELD)).to_be_focused()


def say(page: Page, text: str) -> None:
    page.get_by_label(FIELD).fill(text)
    page.keyboard.press("Enter")


def texts(page: Page, kind: str = "") -> list[str]:
    return page.locator(f".message{kind} .text").all_inner_texts()


def see(page: Page, text: str) -> None:
    expect(page.locator(".message .text", has_text=text).last).to_be_visible()


def refuse(route: Route, status: int, message: str) -> None:
    """The gateway's answer to a message, played by the test."""
    if route.request.method != "POST":
        return route.fallback()
    return route.fulfill(
        status=status,
        json={"error": {"code": "x", "message": message}},
        headers={"Access-Control-Allow-Origin": "*"},
    )
