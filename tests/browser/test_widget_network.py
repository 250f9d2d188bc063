"""The chat on bad networks, with refusals and old tokens: nothing is lost and nothing doubled."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import jwt
from playwright.sync_api import Route, expect

from bot.gateway.tokens import AUDIENCE, mint_token
from tests.browser.street import FIELD, POSTS, Embed, Street, open_chat, refuse, say, see, texts
from tests.gateway.house import SECRET, Member


def test_a_cut_network_loses_nothing_and_doubles_nothing(embed: Embed, member: Member) -> None:
    page = embed()
    open_chat(page)
    say(page, "en")
    see(page, "Svar på: en")
    page.context.set_offline(True)
    expect(page.locator(".notice")).to_contain_text("ikke forbindelse")
    say(page, "to")
    say(page, "tre")
    expect(page.locator(".pending")).to_have_count(2)
    expect(page.locator(".pending").first).to_contain_text("Venter på forbindelse")
    member.say("fra telefonen")  # meanwhile on another device
    page.context.set_offline(False)
    see(page, "Svar på: tre")
    expect(page.locator(".notice")).to_have_count(0)
    expect(page.locator(".pending")).to_have_count(0)
    own = [each["text"] for each in member.history()["messages"] if each["from"] == "member"]
    assert own == ["en", "fra telefonen", "to", "tre"]
    assert texts(page, ".member") == own


def test_a_lost_answer_is_asked_for_again_under_the_same_id(
    embed: Embed, member: Member, street: Street
) -> None:
    page = embed()
    sent: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        sent.append(route.request.post_data_json["client_id"])
        if len(sent) == 1:
            route.fetch()  # it did arrive
            return route.abort()
        return route.fallback()

    page.route("**/api/chat/events*", lambda route: route.abort())  # the stream can't tell either
    page.route(POSTS, lose_the_first)
    open_chat(page)
    say(page, "kun én gang")
    see(page, "Svar på: kun én gang")
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert street.rasa.texts(member.name) == ["kun én gang"]
    assert texts(page, ".member") == ["kun én gang"]


def test_a_refused_message_says_why_and_may_be_sent_again(embed: Embed, member: Member) -> None:
    page = embed()
    open_chat(page)
    answers = [(429, "Det går lidt stærkt."), (500, ""), (500, ""), (500, ""), (500, "")]
    page.route(POSTS, lambda route: refuse(route, *answers.pop(0)) if answers else route.fallback())
    page.clock.install()
    say(page, "hej")
    expect(page.locator(".pending")).to_contain_text("Det går lidt stærkt.")
    for _ in range(4):
        page.clock.run_for(20_000)
    expect(page.locator(".pending")).to_contain_text("Ikke sendt.")
    assert member.lines() == []
    page.get_by_role("button", name="Send igen").click()
    see(page, "Svar på: hej")
    assert member.lines() == [("member", "hej"), ("bot", "Svar på: hej")]


def test_a_message_under_way_survives_a_reload(
    embed: Embed, member: Member, street: Street
) -> None:
    page = embed()
    open_chat(page)
    page.route(POSTS, lambda route: route.abort())
    say(page, "husk mig")
    expect(page.locator(".pending")).to_contain_text("Venter")
    page.get_by_label(FIELD).fill("en halv sætn")
    page.unroute(POSTS)
    page.reload()
    see(page, "Svar på: husk mig")
    expect(page.get_by_label(FIELD)).to_have_value("en halv sætn")
    assert member.lines() == [("member", "husk mig"), ("bot", "Svar på: husk mig")]


def test_an_old_token_is_renewed_without_losing_the_conversation(
    embed: Embed, member: Member, street: Street
) -> None:
    page = embed()
    open_chat(page)
    say(page, "før")
    see(page, "Svar på: før")
    page.evaluate(f"document.querySelector('moedeklar-chat').token = '{expired(member.name)}'")
    say(page, "efter")
    see(page, "Svar på: efter")
    assert page.evaluate("window.asked") == 2
    assert texts(page) == ["før", "Svar på: før", "efter", "Svar på: efter"]
    # the session at the a-kasse is over: said, and nothing lost
    street.site.token = expired(member.name)
    page.evaluate(f"document.querySelector('moedeklar-chat').token = '{expired(member.name, 2)}'")
    say(page, "stadig her")
    expect(page.locator(".notice")).to_contain_text("Du er ikke logget ind længere")
    fresh = mint_token(street.house.settings, member.name)
    page.evaluate(f"document.querySelector('moedeklar-chat').token = '{fresh}'")
    see(page, "Svar på: stadig her")
    expect(page.locator(".notice")).to_have_count(0)


def test_logging_out_leaves_nothing(embed: Embed, member: Member) -> None:
    page = embed()
    open_chat(page)
    say(page, "privat")
    see(page, "Svar på: privat")
    page.get_by_label(FIELD).fill("kladde")
    page.evaluate("document.querySelector('moedeklar-chat').logout()")
    assert page.locator(".message, .launcher").count() == 0
    kept = page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    assert "privat" not in kept
    assert "kladde" not in kept
    assert member.name not in kept


def expired(member: str, hours: int = 1) -> str:
    then = datetime.now(timezone.utc) - timedelta(hours=hours)
    claims = {"sub": member, "aud": AUDIENCE, "iss": "moedeklar-demo", "exp": then}
    return str(jwt.encode(claims, SECRET, algorithm="HS256"))
