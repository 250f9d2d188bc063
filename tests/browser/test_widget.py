"""A member on Min side, with all four processes: the main flows by mouse and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import AxeLook, OpenPage
from tests.processes.house import House

Look = Callable[[Page, str], Path]

FIELD = "Din besked"


def be(page: Page, name: str) -> Locator:
    """Log in as a demo member; the field of the opened chat."""
    page.get_by_role("button", name=name).click()
    expect(page.locator("#way li").first).to_be_visible()
    page.get_by_role("button", name="Skriv med os").click()
    return page.get_by_label(FIELD)


def answers(page: Page) -> Locator:
    return page.locator(".message.bot")


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a choice that is open, and wait for what the bot says to it."""
    before = answers(page).count()
    page.locator(".choice:not([aria-disabled])").filter(has_text=name).first.click()
    expect(answers(page)).to_have_count(before + 1)


def test_afbud_by_mouse_with_a_reload_in_the_middle(
    house: House, open_page: OpenPage, axe: AxeLook, look: Look
) -> None:
    page = open_page("/")
    found = axe(page)
    be(page, "Eva Ebbesen")
    intro = page.locator(".welcome")
    expect(intro).to_contain_text("digital assistent, ikke et menneske")
    expect(intro).to_contain_text("bliver gemt")
    expect(intro).to_contain_text("Du kan altid få et menneske")
    expect(page.locator(".ideas .choice").first).to_have_text("Dit møde i morgen kl. 11.00")
    found += axe(page)
    look(page, "first-contact")
    press(page, "Jeg kan ikke komme i morgen")
    press(page, "Jeg er syg")
    page.reload()
    expect(page.locator(".day-times").first).to_be_visible()  # open as it was left
    press(page, "kl.")
    expect(page.locator(".card-proposed")).to_contain_text("Ny tid")
    expect(page.locator(".card-to_cancel")).to_contain_text("Nuværende tid")
    look(page, "afbud-asked")
    found += axe(page)
    assert [m.status for m in house.backend.meetings("side1")] == ["booked"]
    press(page, "Ja, gør det")
    receipt = page.locator(".card-booked .number").inner_text()
    with page.expect_download() as coming:
        page.locator(".card-booked").get_by_role("button", name="Tilføj til kalender").click()
    assert coming.value.suggested_filename == "moede.ics"
    (event,) = Calendar.from_ical(coming.value.path().read_bytes()).walk("VEVENT")
    look(page, "afbud-done")

    old, new = house.backend.meetings("side1")
    assert (old.status, new.status) == ("cancelled", "booked")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (new.start, new.end)
    (row,) = [row for row in house.backend.log("side1") if row.action == "afbud"]
    assert (row.receipt, row.actor, row.channel) == (receipt, "member:side1", "min_side")
    page.get_by_role("button", name="Luk chatten").click()
    expect(page.locator("#inbox")).to_contain_text(receipt)
    expect(page.locator("#moeder")).to_contain_text("Meldt afbud")
    expect(page.locator("#way .next")).to_contain_text("Booket")
    found += axe(page)
    look(page, "min-side")
    assert found == []


def test_booking_by_keyboard_alone(house: House, open_page: OpenPage) -> None:
    page = open_page("/")
    expect(page.get_by_role("button", name="Finn Falk")).to_be_visible()
    to(page, "#members button", "Finn Falk")
    page.keyboard.press("Enter")
    expect(page.locator("#hello")).to_be_focused()
    to(page, ".launcher", "Skriv med os")
    page.keyboard.press("Enter")
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.keyboard.type("jeg vil gerne booke min rådighedssamtale")
    page.keyboard.press("Enter")
    expect(page.locator(".day-times").first).to_be_visible()
    to(page, ".choice", "kl.", backwards=True)
    page.keyboard.press("Enter")
    expect(page.locator(".card-proposed")).to_be_visible()
    to(page, ".choice", "Ja, gør det")
    page.keyboard.press("Space")
    expect(page.locator(".card-booked")).to_contain_text("Kvittering")
    page.keyboard.press("Escape")
    expect(page.locator(".launcher")).to_be_focused()
    assert len([m for m in house.backend.meetings("side2") if m.status == "booked"]) == 2


def test_an_answer_shows_its_source_and_staff_can_be_had(
    house: House, open_page: OpenPage, axe: AxeLook
) -> None:
    page = open_page("/", width=320, height=640, color_scheme="dark")
    field = be(page, "Gitte Gam")
    field.fill("må man melde afbud hvis man er syg?")
    field.press("Enter")
    expect(page.locator(".sources")).to_contain_text("Kilde: Samtaler i Jobcenteret og a-kassen")
    page.get_by_role("button", name="Indstillinger").click()
    page.locator(".menu").get_by_role("button", name="Tal med en medarbejder").click()
    expect(page.locator("dialog .who")).to_have_text("Du venter på en medarbejder")
    assert axe(page) == []
    page.get_by_role("button", name="Luk chatten").click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_asks_in_the_chat_and_leaves_nothing_behind(
    house: House, open_page: OpenPage
) -> None:
    page = open_page("/")
    page.get_by_role("button", name="Hans Hald").click()
    expect(page.locator("#moeder")).to_contain_text("Jobcenterets møde")
    assert page.locator("#moeder button").count() == 0  # the a-kasse can't change it
    page.locator("#next button").click()
    expect(page.get_by_label(FIELD)).to_have_value("Hvornår og hvor er mit næste møde?")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_contain_text("Jobcenterets møde")
    page.get_by_role("button", name="Luk chatten").click()
    page.get_by_role("button", name="Log ud").click()
    expect(page.get_by_role("button", name="Hans Hald")).to_be_visible()
    kept = page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    assert "side4" not in kept


def to(page: Page, selector: str, text: str, backwards: bool = False) -> None:
    """Tab until an element of that kind and text has the focus."""
    focused = """([selector, text]) => {
      let node = document.activeElement;
      while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
      return Boolean(node?.matches(`${selector}:not([aria-disabled])`) && node.textContent.includes(text));
    }"""
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate(focused, [selector, text]):
            return
    raise AssertionError(f"{text!r} can't be reached with the keyboard")
