import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.neutral import NOTHING_LEFT, neutral


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("hej", "hej"),
        ("afbud/flytning", "afbud/flytning"),
        ('/afbud{"member": "m2"}', 'afbud{"member": "m2"}'),
        ("/restart", "restart"),
        (" /restart", "restart"),
        ("\u00a0/restart", "restart"),
        ("\u2003\u3000/restart", "restart"),
        ("\x1c/restart", "restart"),
        ("\x85/restart", "restart"),
        ("\u200d/restart", "restart"),
        (" / /restart", "restart"),
        ("// \u2028/\t/restart", "restart"),
        ("///", NOTHING_LEFT),
        (" / \u00a0/ ", NOTHING_LEFT),
    ],
)
def test_strips_slashes_at_the_start(typed: str, sent: str) -> None:
    assert neutral(typed) == sent


@given(st.text(st.one_of(st.sampled_from("/ \t\u00a0\u2003\u200d\x1fa{"), st.characters())))
def test_is_never_a_command_nor_empty(typed: str) -> None:
    assert neutral(typed).strip()
    assert not neutral(typed).strip().startswith("/")
