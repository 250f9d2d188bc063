"""What the chat shows: choices, links, history, unread messages, and nothing that is read as HTML."""

from __future__ import annotations

import re
import threading

import pytest
from playwright.sync_api import expect

from bot.desk.people import StaffEntry, put_staff
from tests.browser.street import (
    FULL,
    NEW_MEETING,
    OPEN,
    Embed,
    Street,
    open_chat,
    say,
    see,
    texts,
)
from tests.desk.clerk import PASSWORD, Clerk
from tests.gateway.fake_rasa import spoken
from tests.gateway.house import Member

HTML = '<img src=x onerror="window.hit=1"><b>fed</b> javascript:alert(1) https://evil.example/'


def test_it_takes_the_pages_font_size_and_colour_and_nothing_else(embed: Embed) -> None:
    page = embed()
    open_chat(page)
    look = page.locator(".head").evaluate(
        "head => [getComputedStyle(head).fontSize, getComputedStyle(head).backgroundColor]"
    )
    assert look == ["20px", "rgb(91, 42, 134)"]
    assert page.locator(".welcome p").first.evaluate("p => getComputedStyle(p).color") != (
        "rgb(176, 0, 0)"
    )
    assert page.evaluate("window.asked") == 1
    assert page.evaluate("document.querySelector('moedeklar-chat').lang") == "da"


def test_choices_stay_readable_and_are_pressed_once(
    embed: Embed, street: Street, member: Member
) -> None:
    street.says(FULL, spoken("Valgt."))
    page = embed()
    open_chat(page)
    say(page, "book")
    days = page.locator(".day-times")
    expect(days).to_have_count(2)
    expect(days.first).to_contain_text("torsdag 26. november")
    chosen = page.get_by_role("button", name="torsdag 26. november kl. 13.30")
    chosen.dblclick()
    see(page, "Valgt.")
    expect(chosen).to_have_attribute("aria-disabled", "true")
    expect(chosen).to_have_accessible_name("torsdag 26. november kl. 13.30 (valgt)")
    expect(chosen).to_be_focused()  # and the next tab goes on from there
    page.get_by_role("button", name="Senere tider").click(force=True)
    page.reload()
    page.locator(".launcher, dialog[open]").first.wait_for()
    expect(page.get_by_role("button", name="kl. 13.30 (valgt)")).to_be_visible()
    own = [each["text"] for each in member.history()["messages"] if each["from"] == "member"]
    assert own == ["book", "tor 26/11 kl. 13.30"]


@pytest.mark.parametrize("place", ["member", "bot", "choice", "source", "card", "staff"])
def test_nothing_is_read_as_html(embed: Embed, street: Street, member: Member, place: str) -> None:
    answer = spoken("Svar")
    if place == "bot":
        answer = spoken(HTML)
    if place == "choice":
        answer["choices"] = [{"title": HTML, "payload": {}}]
    if place == "source":
        answer["sources"] = [{"title": HTML, "section": HTML}]
    if place == "card":
        answer["cards"] = [{**NEW_MEETING, "state": "booked", "title": HTML, "place": HTML}]
    if place == "staff":
        answer["handover"] = {"reason": "member_asked", "urgency": 2, "summary": "x"}
    street.says(answer)
    page = embed()
    open_chat(page)
    say(page, HTML if place == "member" else "hej")
    see(page, "Svar" if place != "bot" else "fed")
    if place == "staff":
        clerk = clerk_of(street, name=HTML)
        case = next(
            each["id"]
            for each in clerk.get("/api/desk/conversations").json()
            if each["member"] == member.name
        )
        clerk.post(f"{case}/claim")
        assert clerk.post(f"{case}/reply", text=HTML).status_code == 200
        expect(page.locator(".message.staff .text")).to_have_text(HTML)
        expect(page.locator(".who")).to_contain_text(HTML)
    expect(page.locator(".log")).to_contain_text(HTML)
    assert page.locator(".log img, .log b, .log script, .log a[href*=evil]").count() == 0
    assert page.locator(".text a[href^=javascript]").count() == 0
    assert page.evaluate("window.hit") is None


def test_links_come_from_the_fixed_list(embed: Embed, street: Street) -> None:
    street.says(spoken("Gå til jobnet.dk eller evil.jobnet.dk.example, eller ring 70 00 00 00."))
    page = embed()
    open_chat(page)
    say(page, "se jobnet.dk")
    see(page, "Gå til")
    links = page.locator(".text a")
    assert links.evaluate_all("all => all.map((a) => [a.textContent, a.href, a.rel])") == [
        ["jobnet.dk", "https://jobnet.dk/", "noopener noreferrer"],
        ["70 00 00 00", "tel:70000000", ""],
    ]


def test_typing_shows_while_the_bot_works(embed: Embed, street: Street) -> None:
    street.rasa.hold = threading.Event()
    page = embed()
    open_chat(page)
    say(page, "hej")
    expect(page.locator(".typing")).to_be_visible()
    street.rasa.behave()
    see(page, "Svar på: hej")
    expect(page.locator(".typing")).to_be_hidden()


def test_unread_are_counted_and_two_pages_see_the_same(embed: Embed, member: Member) -> None:
    closed, open_ = embed(), embed()
    open_chat(closed)  # the stream of a chat that nobody has used waits for the first opening
    closed.keyboard.press("Escape")
    open_chat(open_)
    say(open_, "hej")
    for page in (closed, open_):
        expect(page.locator(".message .text", has_text="Svar på: hej")).to_have_count(1)
    launcher = closed.get_by_role("button", name=OPEN)
    expect(launcher).to_have_accessible_name(re.compile("1 ulæst besked"))
    closed.reload()
    expect(launcher).to_have_accessible_name(re.compile("1 ulæst besked"))
    launcher.click()
    closed.keyboard.press("Escape")
    expect(launcher).not_to_have_accessible_name(re.compile("ulæst"))


def test_a_long_history_comes_in_parts(embed: Embed, member: Member) -> None:
    for number in range(35):
        member.say(f"besked {number}")
    page = embed()
    page.get_by_role("button", name=OPEN).click()
    expect(page.locator(".message")).to_have_count(60)
    page.get_by_role("button", name="Vis tidligere beskeder").click()
    expect(page.locator(".message")).to_have_count(70)
    expect(page.locator(".welcome")).to_be_visible()
    assert texts(page)[:2] == ["besked 0", "Svar på: besked 0"]
    assert texts(page)[-1] == "Svar på: besked 34"


def clerk_of(street: Street, name: str) -> Clerk:
    put_staff(street.house.engine, [StaffEntry("sofie@akasse.test", name, PASSWORD)])
    return Clerk(street.house, "sofie@akasse.test")
