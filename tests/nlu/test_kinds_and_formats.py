"""Meeting kinds and formats, as they are typed."""

from __future__ import annotations

import pytest

from bot.nlu.kinds_and_formats import NamedWords, format_words, kind_words
from bot.nlu.reasons import VOCABULARY


@pytest.fixture(scope="module")
def kinds() -> NamedWords:
    return kind_words(VOCABULARY)


@pytest.fixture(scope="module")
def formats() -> NamedWords:
    return format_words(VOCABULARY)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("hvornår er min cv-samtale?", ["cv"]),
        ("CV- og vejledningssamtale", ["cv"]),
        ("cv møde", ["cv"]),
        ("cvsamtale", ["cv"]),
        ("vejledningssamtalen", ["cv"]),
        ("min rådighedssamtale", ["raadighed"]),
        ("rådisamtale", ["raadighed"]),
        ("raadighedssamtale", ["raadighed"]),
        ("radighedssamtale", ["raadighed"]),
        ("rådihedssamtalen", ["raadighed"]),
        ("rådigheds møde", ["raadighed"]),
        ("mødet på jobcenteret", ["jobcenter"]),
        ("jobcenter møde", ["jobcenter"]),
        ("jobsenter", ["jobcenter"]),
        ("jopcentret", ["jobcenter"]),
        ("job center", ["jobcenter"]),
        ("JC", ["jobcenter"]),
        ("kommunens møde", ["jobcenter"]),
        ("er det cv-samtale eller rådighedssamtale", ["cv", "raadighed"]),
        ("tvivl om min rådighed", []),
        ("står jeg til rådighed", []),
        ("jeg vil gerne booke en tid", []),
        ("jobsamtale", []),
        ("min joblog", []),
    ],
)
def test_kinds(kinds: NamedWords, text: str, values: list[str]) -> None:
    assert [found.value for found in kinds.read(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("kan det være digitalt?", ["digital"]),
        ("digtalt tak", ["digital"]),
        ("online", ["digital"]),
        ("på video", ["digital"]),
        ("viedo", ["digital"]),
        ("vidio møde", ["digital"]),
        ("over Teams", ["digital"]),
        ("på skærm", ["digital"]),
        ("hjemmefra", ["digital"]),
        ("over nettet", ["digital"]),
        ("på telefonen", ["digital"]),
        ("med fremmøde", ["in_person"]),
        ("fysisk", ["in_person"]),
        ("personligt møde", ["in_person"]),
        ("jeg vil hellere møde op", ["in_person"]),
        ("i lokalafdelingen", ["in_person"]),
        ("ansigt til ansigt", ["in_person"]),
        ("ikke digitalt men fysisk", ["in_person"]),
        ("fysisk i stedet for video", ["in_person", "digital"]),
        ("hvornår er mødet", []),
    ],
)
def test_formats(formats: NamedWords, text: str, values: list[str]) -> None:
    assert [found.value for found in formats.read(text)] == values


def test_spans_are_what_was_typed(kinds: NamedWords) -> None:
    text = "flyt min RÅDISAMTALE nu"
    (found,) = kinds.read(text)
    assert text[found.begin : found.stop] == "RÅDISAMTALE"
