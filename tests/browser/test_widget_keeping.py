"""The conversation read aloud, saved and printed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.street import FULL, Embed, Street, open_chat, say, see
from tests.gateway.fake_rasa import spoken
from tests.gateway.house import Member, wait_for

VOICES = """
window.said = [];
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
const synthesis = {
  getVoices: () => [{ lang: "en-US" }, { lang: "da-DK", localService: true }],
  speak: (what) => window.said.push([what.text, what.lang]), cancel: () => window.said.push("stop"),
  addEventListener: () => {},
};
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
"""


def test_read_aloud_one_answer_and_all_new_ones(embed: Embed, street: Street) -> None:
    street.says(spoken("Mødet er kl. 10.00."))
    page = embed(script=VOICES)
    open_chat(page)
    say(page, "hej")
    see(page, "Mødet er")
    page.get_by_role("button", name="Læs op").click()
    expect(page.get_by_role("button", name="Stop")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.said") == [["Mødet er klokken 10.", "da-DK"]]
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Indstillinger").click()
    page.get_by_role("switch", name="Læs nye svar op").click()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    say(page, "igen")
    wait_for(lambda: page.evaluate("window.said.length") == 3)
    assert page.evaluate("window.said.slice(1)") == ["stop", ["Mødet er klokken 10.", "da-DK"]]


def test_without_a_danish_voice_it_says_so(embed: Embed) -> None:
    page = embed(script="window.speechSynthesis.getVoices = () => [{ lang: 'en-US' }];")
    open_chat(page)
    page.get_by_role("button", name="Indstillinger").click()
    switch = page.get_by_role("switch", name="Læs nye svar op")
    switch.click()
    expect(page.locator(".notice")).to_contain_text("ingen dansk stemme")
    expect(switch).to_have_attribute("aria-checked", "false")


def test_the_conversation_is_saved_and_printed(
    embed: Embed, street: Street, member: Member
) -> None:
    street.says(FULL)
    page = embed()
    open_chat(page)
    say(page, "meld afbud")
    see(page, "Det er gjort")
    menu = page.get_by_role("button", name="Indstillinger")
    menu.click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Gem samtalen").click()
    assert coming.value.suggested_filename == "samtale-med-a-kassen.txt"
    saved = coming.value.path().read_text("utf-8-sig")
    assert re.search(r"Du, onsdag 25\. november kl\. 09\.00\s+meld afbud", saved)
    assert "Mødeklar, digital assistent, onsdag" in saved
    assert "Kilde: Samtaler i a-kassen, Pligt til at deltage" in saved
    menu.click()
    with page.expect_popup() as opening:
        page.get_by_role("button", name="Udskriv samtalen").click()
    paper = opening.value
    expect(paper.locator("article")).to_have_count(2)
    expect(paper.locator("h1")).to_have_text("Samtale med a-kassen")
