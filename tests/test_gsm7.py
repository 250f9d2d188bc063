"""The length of text messages."""

from __future__ import annotations

import pytest

from bot import gsm7


@pytest.mark.parametrize(
    ("text", "septets", "segments"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("æøåÆØÅéÉ\n", 9, 1),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("a" * 152 + "€" + "a" * 152, 306, 3),  # the escape is never parted from its character
        ("[]{}\\^~|", 16, 1),
    ],
)
def test_segments_are_counted_as_they_are_sent(text: str, septets: int, segments: int) -> None:
    assert (gsm7.septets(text), gsm7.segments(text)) == (septets, segments)


@pytest.mark.parametrize("text", ["“", "–", "…", "🙂", "ë", "`", "\u00a0", "’"])
def test_what_gsm_7_does_not_have(text: str) -> None:
    assert gsm7.foreign(f"a{text}b") == (text,)
    with pytest.raises(ValueError, match="not in GSM-7"):
        gsm7.segments(text)


def test_gsm_7_has_its_137_characters() -> None:
    assert len(gsm7.BASIC) == 127
    assert len(gsm7.EXTENDED) == 10
