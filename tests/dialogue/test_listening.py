"""What stands between the lines: moods met once, and other people's meetings never shown."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.reading.listening import listener
from tests.dialogue.records import WEEK, InMemory, Talk, at, meeting, on, turn

TOMORROW = meeting("x1", at(24))


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("jeg er så bange for at miste mine dagpenge", "worry"),
        ("er helt bekymert for om jeg mister pengene", "worry"),
        ("jeg kan slet ikke sove for det her", "worry"),
        ("jeg er ikke bange for mødet", None),
        ("det er fandme for dårligt", "anger"),
        ("I er nogle idioter alle sammen", "anger"),
        ("min far er død i nat", "grief"),
        ("skal til begravelse i morgen og er bange for at miste penge", "grief"),
        ("jeg vil ikke leve mere", "crisis"),
        ("har tænkt på selvmord", "crisis"),
        ("jeg skal til jobsamtale på onsdag", None),
        ("hvornår er mit næste møde", None),
        ("batteriet er dødt på min telefon", None),
        ("kan vi tage den over telefonen, jeg er forkølet", None),
    ],
)
def test_moods(text: str, mood: str | None) -> None:
    assert listener().listen(text).mood == mood


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("hvornår er min kones møde", "somebody"),
        ("kan du flytte min mands rådighedssamtale", "somebody"),
        ("jeg skal melde afbud for min datter", "somebody"),
        ("jeg skriver på vegne af min bror", "somebody"),
        ("hvornår skal Peter Hansen til møde", "somebody"),
        ("hvornår har medlem 100002 møde", "somebody"),
        ("mit medlemsnr. er 100001", "number"),
        ("mit cpr er XXXXXX-XXXX", "number"),
        ("hvornår skal jeg til møde", "own"),
        ("hvornår er næste møde", "own"),
        ("hvornår har jeg en samtale", "own"),
        ("min kone er syg, så jeg kan ikke komme til mødet", "own"),
        ("min søster skal passe børn, mens jeg er til møde", "own"),
        ("jeg skal til min søns fødselsdag", "own"),
        ("hvornår skal man til møde", "own"),
    ],
)
def test_whose_meeting(text: str, whose: str) -> None:
    assert listener().listen(text).whose == whose


def test_a_mood_is_met_once_and_the_matter_goes_on() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    ill = turn(
        "afbud", "jeg er så bange, jeg er syg i morgen", reasons=("illness",), times=(on(24),)
    )
    assert "afbud_noted" in talk.say(ill)
    assert talk.spoken is not None
    assert talk.spoken.text.startswith("Jeg kan godt forstå, at det fylder.")
    talk.say(turn("inform", "er bange for det, nummer 2"))
    assert "forstå" not in talk.spoken.text


def test_a_worried_member_has_a_person_one_press_away_and_staff_read_why() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("ask_next_meeting", "er så bekymret, hvornår er mit møde?"))
    assert talk.titles[-1] == "choice_staff"
    talk.say(talk.press(len(talk.titles) - 1))
    assert talk.outcome is not None
    assert talk.outcome.reply.handover is not None
    assert talk.outcome.reply.handover.reason == "worry"


def test_who_does_not_want_to_live_gets_help_and_a_person_at_once() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    talk.say(turn("afbud", "syg i morgen", reasons=("illness",), times=(on(24),)))
    assert talk.say(turn("out_of_scope", "jeg gider ikke leve længere")) == ["crisis"]
    assert talk.outcome is not None
    assert talk.outcome.reply.handover is not None
    assert talk.outcome.reply.handover.urgency == 1
    assert talk.spoken is not None
    assert "112" in talk.spoken.sms
    assert talk.dialogue.flow is None


def test_somebody_elses_meeting_is_not_answered_with_ones_own() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    assert talk.say(turn("ask_next_meeting", "hvornår er min kones møde?")) == ["only_your_own"]
    assert talk.say(turn("afbud", "meld afbud for min mand")) == ["only_your_own"]
    assert talk.dialogue.flow is None
    numbered = turn("ask_next_meeting", "medlemsnummer 100002, hvornår er mit møde?")
    assert talk.say(numbered) == ["own_next"]
    assert talk.spoken is not None
    assert talk.spoken.text.startswith("Du behøver ikke skrive numre.")


def test_a_general_answer_is_followed_by_the_members_own_case() -> None:
    facts = InMemory([], WEEK, book_by=date(2026, 12, 1))
    talk = Talk(facts)
    assert talk.say(turn("faq_booking_deadline", "hvad betyder fristen?")) == ["beside_due"]
    assert talk.spoken is not None
    assert "I din egen sag: Du skal booke en rådighedssamtale" in talk.spoken.text
    assert talk.say(turn("faq_no_show", "hvad hvis man bliver væk?")) == []
    booked = Talk(InMemory([TOMORROW], WEEK))
    assert booked.say(turn("faq_raadighedssamtale", "hvad er det?")) == ["beside_meeting"]


def test_why_staff_are_wanted_follows_from_where_the_member_stood() -> None:
    talk = Talk(InMemory([TOMORROW], WEEK))
    away = turn("afbud", "skal på ferie i morgen", reasons=("holiday",), times=(on(24),))
    assert talk.say(away) == ["afbud_warning"]
    talk.say(turn("handoff", "jeg vil hellere tale med nogen"))
    assert talk.outcome is not None
    assert talk.outcome.reply.handover is not None
    assert talk.outcome.reply.handover.reason == "reason_to_assess"
    assert "summary_reason" in [part.key for part in talk.outcome.reply.handover.summary]
