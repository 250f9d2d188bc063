import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.incoming import LONGEST_TEXT, EmptyText, Incoming, TextTooLong, clean


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("hej", "hej"),
        ("  hej \n", "hej"),
        ("a\x00b\x07c", "abc"),
        ("linje 1\r\nlinje 2\rlinje 3", "linje 1\nlinje 2\nlinje 3"),
        ("hej\ud83d", "hej"),
        ("\u202eabc\u200b", "abc"),
        ("👩‍👧", "👩‍👧"),
        ("👍", "👍"),
        ("\U0001fae8", "\U0001fae8"),  # newer than Python 3.10's tables
        ("010190\u200b-1234", "XXXXXX-XXXX"),
        ("010190\u00ad1234", "XXXXXX-XXXX"),
        ("/afbud", "/afbud"),
        ("x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
    ],
)
def test_keeps_what_can_be_read(sent: str, kept: str) -> None:
    assert clean(sent) == kept


@pytest.mark.parametrize(
    "sent", ["", " \n\t", "\x00\x01", "\u200b\u202e", "\ud800", "\u200d", "\u3000"]
)
def test_refuses_what_has_nothing_to_read(sent: str) -> None:
    with pytest.raises(EmptyText):
        clean(sent)


def test_refuses_what_is_too_long() -> None:
    with pytest.raises(TextTooLong):
        clean("x" * (LONGEST_TEXT + 1))


@given(st.text(st.characters(exclude_categories=[])))
def test_what_is_kept_can_be_stored(sent: str) -> None:
    try:
        kept = clean(sent)
    except EmptyText:
        return
    assert kept.encode()
    assert "\x00" not in kept


def test_a_text_and_a_choice_of_the_same_words_are_two_bodies() -> None:
    text = Incoming("m", "min_side", "c", text="x").body_hash
    choice = Incoming("m", "min_side", "c", choice="x").body_hash
    assert text != choice
