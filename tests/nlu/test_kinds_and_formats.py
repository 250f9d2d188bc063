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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("mit møde på jobcetneret", ["jobcenter"]),  # not taken for jobnet
        ("kan I komme med på jobcnetret", ["jobcenter"]),
        ("hvad er en råd ighed samtale", ["raadighed"]),
        ("jeg komemr ikke til cv samtalen", ["cv"]),
        ("jeg har aldrig været til cv-samtale før", ["cv"]),
        ("ikke cv-samtalen, men rådighedssamtalen", ["raadighed"]),
    ],
)
def test_misspelt_and_denied_kinds(kinds: NamedWords, text: str, values: list[str]) -> None:
    assert [each.value for each in kinds.read(text)] == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("kan I møde op hos kommunen med mig?", "request_participation", ["jobcenter"]),
        ("hvor længe får man sygedagpenge af kommunen?", "out_of_scope", []),
        ("hvem laver Min plan, jer eller jobcenteret?", "faq/min_plan", ["jobcenter"]),
    ],
)
def test_the_kommune_is_the_jobcenter_where_it_is_about_meetings(
    kinds: NamedWords, text: str, intent: str, values: list[str]
) -> None:
    assert [each.value for each in kinds.read(text, {intent: 0.9})] == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("kan vi tage den på skærmen?", "change_format", ["digital"]),
        ("skærmen blev sort", "repeat", []),
        ("helst på kontoret, ikke på computer", "book_meeting", ["in_person"]),
        ("alle tog er aflyst, jeg kan ikke komme ind til jer", "afbud", []),
        ("jeg er syg, kan vi tage den digitalt på fredag?", "afbud", ["digital"]),
        ("er du en fysisk person?", "bot_challenge", []),
    ],
)
def test_what_may_say_how_a_meeting_is_held_counts_where_it_is_about_that(
    formats: NamedWords, text: str, intent: str, values: list[str]
) -> None:
    assert [each.value for each in formats.read(text, {intent: 0.9})] == values
