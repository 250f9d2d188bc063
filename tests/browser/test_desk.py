"""Two real browsers, a member and one of staff, through a hand-over and back; axe on every desk page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import AxeLook, OpenPage
from tests.processes.house import House, Person

Look = Callable[[Page, str], Path]

STINE = ("stine@example.dk", "en-lang-kode-til-stine")
LARS = ("lars@example.dk", "en-lang-kode-til-lars")


def log_in(page: Page, who: tuple[str, str] = STINE) -> None:
    page.get_by_label("E-mail").fill(who[0])
    page.get_by_label("Adgangskode").fill(who[1])
    page.get_by_role("button", name="Log ind").click()
    page.get_by_role("button", name="Log ud").wait_for()


def ask_for_staff(member: Person) -> None:
    member.say("jeg vil gerne tale med et menneske")
    assert member.last["state"] == "waiting"


def open_chat(page: Page, name: str) -> Locator:
    """Be that demo member on Min side; the field to write in."""
    page.get_by_role("button", name=re.compile(name)).click()
    page.locator(".launcher").click()
    return page.get_by_label("Din besked")


def shown(page: Page, text: str) -> None:
    expect(page.get_by_text(text).last).to_be_visible()


def test_a_hand_over_there_and_back(
    house: House, open_page: OpenPage, axe: AxeLook, look: Look
) -> None:
    member, staff = open_page("/", width=420, height=800), open_page("/desk")
    found = axe(staff)
    log_in(staff)
    expect(staff.get_by_text("Ingen venter lige nu.")).to_be_visible()
    found += axe(staff)

    written = open_chat(member, "Anna Agger")
    written.fill("jeg vil gerne tale med et menneske")
    written.press("Enter")
    shown(member, "Du er nummer 1 i køen")

    entry = staff.locator("#waiting + ul a", has_text="Anna Agger")
    expect(entry).to_be_visible(timeout=2_000)  # new work shows within two seconds
    expect(staff).to_have_title(re.compile(r"^\(1\) "))
    entry.click()
    expect(staff.get_by_text("Medlemsnr.", exact=True)).to_be_visible()
    found += axe(staff)
    look(staff, "desk-waiting")
    staff.keyboard.press("Alt+T")
    shown(member, "Nu er Stine Støtte med i samtalen")
    expect(staff).to_have_title(re.compile(r"^Anna Agger"))

    written.fill("er der nogen?")
    written.press("Enter")
    expect(staff.locator("#transcript")).to_contain_text("er der nogen?", timeout=2_500)
    staff.locator("#ready").select_option(label="Goddag")
    reply = staff.locator("#reply")
    expect(reply).to_have_value(re.compile("Hej Anna. Jeg hedder Stine Støtte."))
    reply.press("Control+Enter")
    shown(member, "Hej Anna. Jeg hedder Stine Støtte.")
    expect(reply).to_have_value("")

    staff.get_by_text("Skriv en intern note").click()
    staff.get_by_label("Note (medlemmet ser den ikke)").fill("Vil nok flytte sit møde")
    staff.get_by_role("button", name="Gem note").click()
    expect(staff.locator("#transcript .note")).to_contain_text("Vil nok flytte")
    look(staff, "desk-staff")
    found += axe(staff)

    staff.get_by_role("link", name=re.compile("^Flyt")).click()
    staff.get_by_label("Ny tid").select_option(index=2)
    found += axe(staff)
    look(staff, "desk-move")
    staff.get_by_role("button", name="Flyt").click()
    expect(staff.get_by_role("status").filter(has_text="har flyttet")).to_be_visible()
    shown(member, "Stine Støtte har flyttet rådighedssamtalen")
    (row,) = [row for row in house.backend.log("desk1") if row.action == "move"]
    assert (row.actor, row.channel) == ("staff:stine@example.dk", "desk")

    staff.get_by_label("Afslut som").select_option("solved")
    staff.get_by_role("button", name="Afslut").click()
    shown(member, "Medarbejderen har forladt samtalen")
    expect(staff.locator("#actions")).to_contain_text("Botten har samtalen")
    expect(staff.locator("#transcript")).to_contain_text("Stine Støtte afsluttede: Løst")
    written.fill("hvornår er mit næste møde?")
    written.press("Enter")
    shown(member, "Dit næste møde er")
    look(member, "member-after")
    assert "Vil nok flytte" not in member.content()
    assert found == []


def test_staff_by_keyboard_alone(house: House, open_page: OpenPage) -> None:
    ask_for_staff(house.member("desk2"))
    staff = open_page("/desk")
    staff.keyboard.type(STINE[0])  # the first field has the focus
    staff.keyboard.press("Tab")
    staff.keyboard.type(STINE[1])
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("link", name=re.compile("Bo Bach"))).to_be_visible()
    staff.keyboard.press("Alt+1")
    staff.keyboard.press("Enter")
    staff.wait_for_url(re.compile(r"/desk/[0-9a-f-]{36}$"))
    staff.keyboard.press("Alt+T")
    expect(staff.locator("#reply")).to_be_focused()
    staff.keyboard.type("Goddag")
    staff.keyboard.press("Control+Enter")
    expect(staff.locator("#transcript article.staff")).to_contain_text("Goddag")
    expect(staff.locator("#reply")).to_be_focused()
    staff.locator("#handback").focus()
    staff.keyboard.press("Enter")
    expect(staff.locator("#actions")).to_contain_text("Botten har samtalen")


def test_a_draft_survives_and_a_lost_claim_is_told(house: House, open_page: OpenPage) -> None:
    member = house.member("desk3")
    ask_for_staff(member)
    first, second = open_page("/desk"), open_page("/desk")
    log_in(first)
    log_in(second, LARS)
    for page in (first, second):
        page.get_by_role("link", name=re.compile("Cilla Cramer")).click()
        expect(page.locator("#claim")).to_be_visible()
    # Both press within the second in which the pages do not know of each other.
    second.route("**/api/desk/pulse*", lambda route: route.abort())
    first.locator("#claim").click()
    expect(first.locator("#reply")).to_be_visible()
    second.locator("#claim").click()
    expect(second.get_by_role("alert")).to_contain_text("En anden har allerede taget samtalen")
    expect(second.locator("#actions")).to_contain_text("Stine Støtte har samtalen")

    second.unroute("**/api/desk/pulse*")

    first.locator("#reply").fill("Et halvt svar")
    first.reload()
    expect(first.locator("#reply")).to_have_value("Et halvt svar")
    first.locator("#requeue").click()
    expect(second.locator("#claim")).to_be_visible()
    second.locator("#claim").click()
    second.get_by_label("Afslut som").select_option("other")
    second.get_by_role("button", name="Afslut").click()
    expect(second.locator("#actions")).to_contain_text("Botten har samtalen")


PAGES = (
    "/desk", "/desk/find?q=desk4", "/desk/find?q=", "/desk/looks", "/desk/members/desk4",
    "/desk/members/desk4?do=book", "/desk/members/desk4?do=invite",
    "/desk/members/desk3?do=attendance&meeting=desk3a",
    "/desk/members/desk1?do=afbud&meeting=desk1a",
)  # fmt: skip


@pytest.mark.parametrize("width", [1360, 380])
def test_axe_finds_nothing_on_any_page(
    open_page: OpenPage, axe: AxeLook, look: Look, width: int
) -> None:
    page = open_page("/desk", width=width)
    log_in(page, LARS)
    found: list[str] = []
    for path in PAGES:
        page.goto(path)
        found += axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path} is {wide} wide: something is cut off")
        look(page, f"page{re.sub('[^a-z0-9]+', '-', path)}-{width}")
    assert found == []
