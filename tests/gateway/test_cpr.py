import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.cpr import MASK, mask_cpr


@pytest.mark.parametrize(
    "number",
    [
        "010190-1234",
        "0101901234",
        "010190 1234",
        "010190\u00a01234",
        "010190 - 1234",
        "010190–1234",
        "311299-9999",
        "290200-4444",  # a leap day
        "120607-0001",
    ],
)
@pytest.mark.parametrize("around", ["{}", "mit cpr er {}.", "({})", "cpr:{},", "nr. 7 {} tak"])
def test_masks_what_looks_like_a_cpr_number(number: str, around: str) -> None:
    assert mask_cpr(around.format(number)) == around.format(MASK)


@pytest.mark.parametrize(
    "text",
    [
        "20 12 99 12",
        "ring på +4520129912",
        "ring på 004520129912",
        "+0101901234",
        "konto 0400-0101901234",
        "konto 00100101901234",
        "0101901234567",
        "010190-1234-5678",
        "IBAN DK5000400440116243",
        "320190-1234",  # no such day
        "011390-1234",  # no such month
        "310490-1234",
        "290201-1234",  # no leap year
        "000190-1234",
        "den 25.11.2026 kl. 10.00",
        "sag 12345-678",
        "010190 123",
    ],
)
def test_leaves_other_numbers(text: str) -> None:
    assert mask_cpr(text) == text


def test_masks_every_one() -> None:
    assert mask_cpr("010190-1234 og 020290 4321") == f"{MASK} og {MASK}"


@given(
    st.dates(),
    st.integers(0, 9999),
    st.sampled_from(["", "-", " "]),
    st.text("abc æøå.,!\n"),
    st.text("abc æøå.,!\n"),
)
def test_no_cpr_number_survives(day, serial, between, before, after) -> None:
    number = f"{day:%d%m}{day.year % 100:02}{between}{serial:04}"
    if (day.day, day.month) != (29, 2):
        assert number not in mask_cpr(before + number + after)
