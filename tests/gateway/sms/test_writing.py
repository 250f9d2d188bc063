"""What text messages can carry: numbers, words, characters, choices, length. No network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import gsm7
from bot.dialogue.spoken import SpokenChoice
from bot.gateway.sms.numbers import hidden, phone_number
from bot.gateway.sms.rendering import MOST_SEGMENTS, portions, render, sendable
from bot.gateway.sms.words import Words, code_in, sms_replies
from bot.profile import TextMessages, load_profile

WORDS = Words(sms_replies(), load_profile("standard"))
MORE = "Log ind hos os for at se resten."


@pytest.mark.parametrize(
    "written",
    ["+4520000001", "4520000001", 4520000001, "004520000001", "+45 20 00 00 01", "20000001",
     "20-00-00-01", "(+45) 20000001"],
)  # fmt: skip
def test_a_number_has_one_form(written: object) -> None:
    assert phone_number(written) == "+4520000001"


@pytest.mark.parametrize(
    "written", ["PostNord", "1234", "", "+", "+45", "+4520000001x", True, None, 3.5, "+" + "9" * 16,
                "٤٥٢٠٠٠٠٠٠١", "12345678"],
)  # fmt: skip
def test_what_is_no_number(written: object) -> None:
    if written == "12345678":  # eight digits that no Danish phone has: read as abroad
        assert phone_number(written) == "+12345678"
        return
    with pytest.raises(ValueError, match="no phone number"):
        phone_number(written)


def test_a_number_is_hidden_in_logs() -> None:
    assert hidden("+4520000001") == "+45…01"


@pytest.mark.parametrize(
    ("text", "word", "keyword"),
    [
        ("STOP", "stop", None), ("stop.", "stop", None), (" Stop! ", "stop", None),
        ("stop  sms", "stop", None), ("START", "start", None), ("start sms", "start", None),
        ("stop nu", None, None), ("jeg stopper", None, None), ("AFBUD", None, "afbud"),
        ("afbud!", None, "afbud"), ("aflys", None, None), ("AFLYS MØDE", None, None),
        ("afmeld", None, None), ("Book", None, "book_meeting"), ("HJÆLP", None, "ask_capabilities"),
        ("hjaelp?", None, "ask_capabilities"), ("hvornår", None, "ask_next_meeting"),
        ("HVORNAAR", None, "ask_next_meeting"), ("afbud syg", None, None), ("", None, None),
        ("🙂", None, None),
    ],
)  # fmt: skip
def test_words_that_act(text: str, word: str | None, keyword: str | None) -> None:
    assert (WORDS.word(text), WORDS.keyword(text)) == (word, keyword)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"stop": ["STOP", "afbud"]}, "give a meeting up"),
        ({"start": ["aflys"]}, "give a meeting up"),
        ({"stop": ["STOP"], "start": ["stop"]}, "two things"),
        ({"keywords": {"Stop": "afbud"}}, "two things"),
    ],
)
def test_a_profile_can_not_make_afbud_an_opt_out(changed: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        TextMessages(**changed)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"), ("123 456", "123456"), ("koden er 123-456.", "123456"),
        ("Min kode: 000001", "000001"), ("12345", None), ("1234567", None), ("20000001", None),
        ("mødet er 241126 kl 10", None), ("", None), ("2", None),
    ],
)  # fmt: skip
def test_a_code_in_a_message(text: str, code: str | None) -> None:
    assert code_in(text) == code


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("“Æblegrød” – på “Møllevej”…", '"Æblegrød" - på "Møllevej"...'),
        ("• en\u00a0ting", "- en ting"), ("½ time", "1/2 time"), ("Zoë Škoda", "Zoe Skoda"),
        ("tak 👍🏽", "tak"), ("100 €", "100 €"), ("é", "é"), ("你", "?"), ("a\u200db", "ab"),
    ],
)  # fmt: skip
def test_what_gsm_7_lacks_is_replaced(text: str, sent: str) -> None:
    assert sendable(text) == sent


@given(st.text(max_size=400))
def test_everything_can_be_sent(text: str) -> None:
    assert not gsm7.foreign(sendable(text))


def choice(title: str, **payload: object) -> SpokenChoice:
    return SpokenChoice(title=title, payload={"intent": "inform", **payload})


def test_choices_are_numbers() -> None:
    offered = [choice("tor 26/11 kl. 10.00"), choice("fre 27/11 kl. 09.00"), choice("Senere tider")]
    rendered = render("Ledige tider:", offered, MORE)
    assert rendered.text == (
        "Ledige tider:\n1) tor 26/11 kl. 10.00\n2) fre 27/11 kl. 09.00\n3) Senere tider"
    )
    assert rendered.listed == 3


def test_yes_or_no_is_said_in_the_text_alone() -> None:
    offered = [choice("Ja", intent="affirm"), choice("En anden tid"), choice("Nej", intent="deny")]
    rendered = render("Er det rigtigt? Svar JA eller NEJ.", offered, MORE)
    assert (rendered.text, rendered.listed) == ("Er det rigtigt? Svar JA eller NEJ.", 0)


@given(st.text(max_size=2000), st.lists(st.text(min_size=1, max_size=80), max_size=9))
def test_an_answer_is_never_over_three_segments(text: str, titles: list[str]) -> None:
    rendered = render(text, [choice(title) for title in titles], MORE)
    assert gsm7.segments(rendered.text) <= MOST_SEGMENTS
    assert 0 <= rendered.listed <= len(titles)


def test_what_is_too_long_ends_with_where_the_rest_is() -> None:
    rendered = render("En hel sætning. " * 60, [choice("Book")], MORE)
    assert rendered.text.endswith(f"sætning. {MORE}")
    assert rendered.listed == 0


@given(st.text(max_size=3000))
def test_staff_may_write_long_and_nothing_of_it_is_lost(text: str) -> None:
    parts = portions(text)
    assert all(gsm7.segments(part) <= 6 for part in parts)
    assert "".join("".join(parts).split()) == "".join(sendable(text).split())


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("Autosvar: jeg er på ferie", True),
        ("Jeg er på ferie, og svarer, når jeg er tilbage den 7.", True),
        ("AUTOMATISK SVAR: dette nummer kan ikke besvares", True),
        ("I am out of office until Monday", True),
        ("jeg er på ferie og kan ikke komme i morgen", False),
        ("Kan I svare mig?", False),
    ],
)
def test_what_a_machine_wrote(text: str, machine: bool) -> None:
    assert WORDS.from_a_machine(text) is machine


def test_picture_notices() -> None:
    assert WORDS.announces_a_picture("Du har modtaget en MMS. Se den på https://mms.example/1")
    assert not WORDS.announces_a_picture("kan jeg sende et billede?")
