"""The chat for everybody: axe in every state, keyboard, focus, targets, a phone, 400 % zoom, motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AxeLook
from tests.browser.street import (
    FIELD,
    FULL,
    OPEN,
    POSTS,
    Embed,
    Street,
    open_chat,
    refuse,
    say,
    see,
)
from tests.gateway.house import Member


def test_every_state_is_without_an_axe_violation(
    embed: Embed, street: Street, member: Member, axe: AxeLook
) -> None:
    street.says(FULL)
    found: list[str] = []
    for options in ({}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page = embed(reduced_motion="reduce", **options)  # colours at rest, not halfway in
        found += axe(page)
        open_chat(page)
        found += axe(page)
        if not options:
            say(page, "meld afbud")
        see(page, "Det er gjort")
        found += axe(page)
        page.get_by_role("button", name="Indstillinger").click()
        found += axe(page)
        page.keyboard.press("Escape")
        page.context.set_offline(True)
        say(page, "er I der?")
        expect(page.locator(".notice")).to_contain_text("ikke forbindelse")
        found += axe(page)
        page.context.set_offline(False)
        expect(page.locator(".pending")).to_have_count(0)
    page.route(POSTS, lambda route: refuse(route, 413, "Din besked er for lang."))
    say(page, "langt")
    expect(page.locator(".problem")).to_contain_text("for lang")
    found += axe(page)
    assert found == []


def test_one_live_region_focus_and_escape(embed: Embed) -> None:
    page = embed()
    page.keyboard.press("Tab")  # the page's own link
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label(FIELD)).to_be_focused()
    assert page.locator("[role=log], [role=status], [role=alert], [aria-live=polite]").count() == 1
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=OPEN)).to_be_focused()
    assert page.evaluate("window.told.map(([name]) => name)")[-2:] == ["unread", "close"]


def test_targets_are_large_and_focus_is_seen(embed: Embed, street: Street) -> None:
    street.says(FULL)
    page = embed()
    open_chat(page)
    say(page, "hej")
    see(page, "Det er gjort")
    page.get_by_role("button", name="Indstillinger").click()
    for button in page.locator("button:visible, .text a:visible").all():
        box = button.bounding_box()
        assert box is not None
        small = min(box["width"], box["height"]) < 24
        assert not small or button.evaluate("node => node.tagName") == "A", button.inner_text()
    page.keyboard.press("Escape")
    for _ in range(12):  # once round the window: wherever the focus is, it can be seen
        page.keyboard.press("Tab")
        unseen = page.evaluate(
            """() => {
              const node = document.querySelector("moedeklar-chat").shadowRoot.activeElement;
              if (!node) return null;
              const { top, left, width, height } = node.getBoundingClientRect();
              const there = node.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
              const drawn = getComputedStyle(node).outlineStyle !== "none";
              return drawn && node.contains(there) ? null : `${node.outerHTML} under ${there?.outerHTML}`;
            }"""
        )
        assert unseen is None


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256)])
def test_a_phone_and_400_percent_zoom(
    embed: Embed, street: Street, axe: AxeLook, width: int, height: int
) -> None:
    """1280 by 1024 pixels at 400 % are 320 by 256."""
    street.says(FULL)
    page = embed(width=width, height=height)
    page.evaluate("document.body.style.fontSize = '16px'")
    open_chat(page)
    page.keyboard.type("meld afbud")
    page.keyboard.press("Enter")
    see(page, "Det er gjort")
    assert page.locator("dialog").evaluate("d => d.matches(':modal')")
    wide = "node => node.scrollWidth - node.clientWidth"
    for part in ("dialog", ".log"):
        assert page.locator(part).evaluate(wide) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Senere tider").click()
    expect(page.locator(".message.member")).to_have_count(2)
    page.get_by_label(FIELD).click()
    page.keyboard.type("tak")
    expect(page.get_by_label(FIELD)).to_be_in_viewport()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=OPEN)).to_be_focused()


def test_reduced_motion_is_respected(embed: Embed) -> None:
    page = embed(reduced_motion="reduce")
    open_chat(page)
    moving = "d => d.getAnimations({ subtree: true }).length"
    assert page.locator("dialog").evaluate(moving) == 0
