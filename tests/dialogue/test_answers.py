"""The answers: what members get to read, with either profile, and what an editor is told of a fault."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest

from bot.dialogue.answer_file import FAQ_TOPICS, TOPICS
from bot.dialogue.answer_reading import (
    FOLDER,
    SourceFile,
    load_answers,
    put_in_words,
    read_file,
    read_folder,
)
from bot.dialogue.answers import Answers, intent_name
from bot.editing.measures import lix, sms_with_choices, word_count
from bot.gsm7 import segments
from bot.profile import Profile, load_profile
from bot.yaml_source import SourceError

PROFILES = {name: load_profile(name) for name in ("standard", "fjord")}
FILES = read_folder()
ANSWERS = {name: put_in_words(FILES, profile) for name, profile in PROFILES.items()}
EVERYWHERE = pytest.mark.parametrize("name", PROFILES)


def changed(change: Callable[[dict[str, Any]], None], name: str = "standard") -> Profile:
    """A profile with something in it changed."""
    tree = PROFILES[name].copy(deep=True).dict()
    change(tree)
    return Profile.parse_obj(tree)


def said(answers: Answers, topic: str) -> str:
    """All that is said on a topic, on every channel."""
    answer = answers.answer(topic)
    return f"{answer.text}\n{answer.sms}\n{answer.aloud}"


@EVERYWHERE
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_answered_in_its_measure_on_every_channel(name: str, topic: str) -> None:
    answer = ANSWERS[name].answer(topic)
    spoken = ANSWERS[name].spoken(topic)
    assert spoken.text == answer.text
    assert spoken.sms == answer.sms
    assert 5 <= word_count(answer.text) <= 90
    assert lix(answer.text) <= 45
    assert segments(answer.sms) <= 2
    assert segments(sms_with_choices(answer)) <= 2
    assert len(answer.choices) <= 3
    for text in (answer.text, answer.sms, answer.aloud):
        assert not re.search(r"[{}]|None|  |\.\.|\s[.,]", text), text
        assert text[0].isupper()
        assert text[-1] in ".?!"
        assert not re.search(r"[.?!] [a-zæøå]", text), text


@EVERYWHERE
@pytest.mark.parametrize("topic", FAQ_TOPICS)
def test_every_answer_about_rights_names_its_facts_and_shows_where_they_stand(
    name: str, topic: str
) -> None:
    answer, profile = ANSWERS[name].answer(topic), PROFILES[name]
    sections = {profile.facts[fact].section for fact in answer.facts}
    dates = {"standard": "1. november 2026", "fjord": "15. oktober 2026"}
    assert answer.facts
    assert [source.section for source in answer.sources] == list(
        dict.fromkeys(profile.facts[fact].section for fact in answer.facts)
    )
    assert sections == {source.section for source in ANSWERS[name].spoken(topic).sources}
    assert {source.title for source in answer.sources} == {
        f"{profile.source.title} (side fra {dates[name]})"
    }


@EVERYWHERE
def test_every_fact_of_the_page_is_told_by_some_answer(name: str) -> None:
    used = {fact for topic in ANSWERS[name].topics for fact in ANSWERS[name].answer(topic).facts}
    assert used == set(PROFILES[name].facts)


def test_the_standard_profile_has_the_facts_1_to_25() -> None:
    assert list(PROFILES["standard"].facts) == [f"F{n}" for n in range(1, 26)]


@EVERYWHERE
@pytest.mark.parametrize("topic", TOPICS)
def test_choices_begin_something_that_there_is(name: str, topic: str) -> None:
    matters = {
        "ask_next_meeting", "ask_booking_deadline", "ask_my_course", "book_meeting", "afbud",
        "reschedule_meeting", "change_format", "request_participation", "missed_meeting", "handoff",
    }  # fmt: skip
    for choice in ANSWERS[name].spoken(topic).choices:
        assert choice.payload["start"] is True
        assert choice.payload["intent"] in matters | {intent_name(known) for known in TOPICS}
        assert choice.payload["intent"] != intent_name(topic)
        assert 0 < len(choice.title) <= 40


def test_rasas_name_of_a_topic_is_as_good_as_the_catalogues() -> None:
    answers = ANSWERS["standard"]
    assert answers.spoken("faq_min_plan") == answers.spoken("faq/min_plan")
    with pytest.raises(KeyError):
        answers.spoken("faq_rates")


STANDARD_SAYS = [
    ("faq/cv_meeting", "de første 14 dage", "lokalafdeling", "CV- og vejledningssamtalen"),
    (
        "faq/first_six_months",
        "14 dage",
        "omkring 6 måneder",
        '"knap 6 måneder"',
        '"efter 6 måneder"',
    ),
    ("faq/after_six_months", "omkring 6 måneder", "2 rådighedssamtaler", "Jobcenter"),
    ("faq/raadighedssamtale", "omkring 6 måneder", '"knap 6 måneder"', '"efter 6 måneder"'),
    ("faq/raadighedssamtale", "2 rådighedssamtaler", "digitalt", "lokalafdeling"),
    ("faq/joblog", "mindst 2 ledige stillinger om ugen", "joblog", "tvivl"),
    ("faq/availability_doubt", "mindst 2 ledige stillinger om ugen", "rådighed"),
    ("faq/book_jobcenter", "jobnet.dk", "Min side hos os"),
    ("faq/book_akasse", "indbakken på Min side hos os", "frist", "ikke selv booke"),
    ("faq/invitation", "indbakken på Min side hos os"),
    ("faq/no_free_time", "kontakte os", "70 00 00 00"),
    ("faq/akasse_at_jobcenter", "Ja, vi kan være med"),
    ("faq/digital_meetings", "De fleste møder", "rådighedssamtaler", "lokalafdeling"),
    ("faq/duty_to_attend", "pligt til at komme"),
    ("faq/valid_absence", "sygdom og en konkret jobsamtale hos en arbejdsgiver", "eksempler"),
    ("faq/no_show", "fra den dag, mødet skulle have været", "indtil du har kontaktet os"),
    ("faq/invalid_absence", "Du kan miste dagpenge"),
]

FJORD_SAYS = [
    ("faq/cv_meeting", "de første 21 dage", "velkomstsamtalen", "Den booker du selv", "digitalt"),
    ("faq/cv_meeting", "Lokalafdeling Nordhavn (Molen 4) og Lokalafdeling Sydhavn (Havnegade 16)"),
    ("faq/first_six_months", "21 dage", "3 rådighedssamtaler", "4 måneder imellem"),
    ("faq/first_six_months", "2 karrieresamtaler", "postkassen på Mit Fjord"),
    ("faq/raadighedssamtale", "3 rådighedssamtaler", "4 måneder imellem", "lokalafdeling"),
    ("faq/joblog", "mindst 3 ledige stillinger om ugen"),
    ("faq/book_jobcenter", "kommunens jobportal"),
    ("faq/book_akasse", "postkassen på Mit Fjord", "Rådighedssamtaler skal du dog ikke selv booke"),
    ("faq/no_free_time", "96 11 22 33"),
    ("faq/akasse_at_jobcenter", "Nej, vi deltager ikke"),
    ("faq/digital_meetings", "velkomstsamtalen og karrieresamtaler", "Rådighedssamtaler holdes i"),
    ("faq/valid_absence", "sygdom, dit barns første sygedag og en aftalt jobsamtale"),
]


@pytest.mark.parametrize(
    ("name", "topic", "words"),
    [("standard", topic, words) for topic, *words in STANDARD_SAYS]
    + [("fjord", topic, words) for topic, *words in FJORD_SAYS],
)
def test_what_an_answer_must_say(name: str, topic: str, words: list[str]) -> None:
    for part in words:
        assert part in ANSWERS[name].answer(topic).text


def test_the_second_profile_says_nothing_of_the_first() -> None:
    everything = "\n".join(said(ANSWERS["fjord"], topic) for topic in ANSWERS["fjord"].topics)
    for own in ("14 dage", "6 måneder", "jobnet", "indbakken", "Min side", "CV- og vej", "70 00"):
        assert own not in everything


@EVERYWHERE
@pytest.mark.parametrize("topic", FAQ_TOPICS)
def test_no_answer_rules_on_a_reason(name: str, topic: str) -> None:
    text = said(ANSWERS[name], topic).replace("Om din grund er lovlig, afgør a-kassen", "")
    assert not re.search(
        r"(din|din grund|sygdom\w*|jobsamtale\w*) er (ikke )?(u?lovlig|gyldig)", text
    )
    assert "ulovlig" not in text
    assert "gyldig grund" not in text


@EVERYWHERE
@pytest.mark.parametrize("topic", ["faq/valid_absence", "faq/invalid_absence"])
def test_a_question_about_reasons_says_who_decides(name: str, topic: str) -> None:
    answer = ANSWERS[name].answer(topic)
    assert "afgør a-kassen" in answer.text
    assert "afgør a-kassen" in answer.sms
    assert "handoff" in [choice.payload["intent"] for choice in answer.choices]


@EVERYWHERE
def test_what_lies_beyond_is_said_to_and_a_person_is_offered(name: str) -> None:
    answers = ANSWERS[name]
    beyond = [topic for topic in answers.topics if topic.startswith("beyond/")]
    assert len(beyond) >= 6
    for topic in [*beyond, "out_of_scope"]:
        answer = answers.answer(topic)
        assert not answer.sources
        assert PROFILES[name].support.phone in answer.text
        assert answer.choices[0].payload["intent"] == "handoff"
        assert re.search("ved jeg ikke noget om|only understand Danish", answer.text)


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("Hvad er dagpengesatsen i år?", "beyond/rates"),
        ("hvor meget får jeg om måneden", "beyond/rates"),
        ("hvornår får jeg mine penge", "beyond/payment_dates"),
        ("Hvornår bliver der udbetalt?", "beyond/payment_dates"),
        ("må jeg tage på FERIE med dagpenge", "beyond/holiday"),
        ("mit frikort er brugt, hvad med skatten", "beyond/tax"),
        ("hvor længe kan man få sygedagpenge", "beyond/sick_pay"),
        ("hvad koster kontingentet", "beyond/fees"),
        ("kan jeg få supplerende dagpenge", "beyond/extra_work"),
        ("hvor længe kan man få dagpenge", "beyond/benefit_period"),
        ("må jeg tage en uddannelse på dagpenge", "beyond/education"),
        ("When is my next meeting?", "beyond/english"),
        ("I don't speak Danish, can you help?", "beyond/english"),
        ("jeg vil to gange have is i dag", "out_of_scope"),
        ("hvordan bliver vejret", "out_of_scope"),
        ("satsuma", "out_of_scope"),
        ("", "out_of_scope"),
    ],
)
def test_a_message_out_of_scope_is_told_what_it_was_about(message: str, topic: str) -> None:
    assert ANSWERS["standard"].beyond(message) == topic


CHANGES: list[tuple[str, Callable[[dict[str, Any]], None], str, str]] = [
    ("cv days", lambda p: p["kinds"]["cv"]["timing"].update(within_days=10), "14 dage", "10 dage"),
    ("one day", lambda p: p["kinds"]["cv"]["timing"].update(within_days=1), "14 dage", "1 dag "),
    (
        "months",
        lambda p: p["kinds"]["raadighed"]["timing"].update(around_months=9), "6 måneder", "9 måneder",
    ),
    (
        "count",
        lambda p: p["kinds"]["raadighed"].update(count=5),
        "2 rådighedssamtaler", "5 rådighedssamtaler",
    ),
    ("joblog", lambda p: p.update(joblog_per_week=4), "2 ledige stillinger", "4 ledige stillinger"),
    ("one job", lambda p: p.update(joblog_per_week=1), "2 ledige stillinger", "1 ledig stilling "),
    ("phone", lambda p: p["support"].update(phone="11 22 33 44"), "70 00 00 00", "11 22 33 44"),
    ("site", lambda p: p["systems"].update(jobcenter_site="job.dk"), "jobnet.dk", "job.dk"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "old", "new"), [row[1:] for row in CHANGES])
def test_a_changed_value_changes_every_answer_that_tells_it(
    change: Callable[[dict[str, Any]], None], old: str, new: str
) -> None:
    before, after = ANSWERS["standard"], put_in_words(FILES, changed(change))
    telling = [topic for topic in before.topics if old in said(before, topic)]
    assert telling
    for topic in after.topics:
        assert old not in said(after, topic)
        assert (new in said(after, topic)) == (topic in telling), topic


def _without(kind: str) -> Callable[[dict[str, Any]], None]:
    return lambda p: p["kinds"].pop(kind)


LACKING: list[tuple[str, Callable[[dict[str, Any]], None], str, str]] = [
    ("cv", _without("cv"), "faq/cv_meeting", "ingen særlig samtale om dit CV"),
    ("raadighed", _without("raadighed"), "faq/raadighedssamtale", "ingen faste rådighedssamtaler"),
    ("jobcenter", _without("jobcenter"), "faq/jobcenter_meetings", "Spørg dit Jobcenter"),
    (
        "digital",
        lambda p: [kind.update(formats=["in_person"]) for kind in p["kinds"].values()],
        "faq/digital_meetings", "kan ikke holdes digitalt",
    ),
    (
        "booking",
        lambda p: p["kinds"]["raadighed"].update(booked_by="akasse"),
        "faq/book_akasse", "Du skal ikke selv booke møder hos os",
    ),
    ("joblog", lambda p: p.update(joblog_per_week=0), "faq/joblog", "ikke et bestemt antal"),
    (
        "timing",
        lambda p: p["kinds"]["raadighed"].update(timing=None),
        "faq/raadighedssamtale", "I dit forløb er der 2 rådighedssamtaler",
    ),
    (
        "count",
        lambda p: p["kinds"]["raadighed"].update(count=None),
        "faq/raadighedssamtale", "begynder vi at indkalde dig til rådighedssamtaler",
    ),
    (
        "one alone",
        lambda p: p["kinds"]["raadighed"].update(count=1),
        "faq/raadighedssamtale", "indkalder vi dig til rådighedssamtalen",
    ),
    (
        "one wording",
        lambda p: p["kinds"]["raadighed"]["timing"].update(wordings=()),
        "faq/raadighedssamtale", "omkring 6 måneder",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "topic", "words"), [row[1:] for row in LACKING])
def test_what_a_profile_lacks_is_not_told(
    change: Callable[[dict[str, Any]], None], topic: str, words: str
) -> None:
    answers = put_in_words(FILES, changed(change))
    assert words in answers.answer(topic).text
    for name in answers.topics:
        assert len(said(answers, name)) > 30
        assert segments(answers.answer(name).sms) <= 2


def test_without_two_wordings_the_page_is_not_called_unclear() -> None:
    profile = changed(lambda p: p["kinds"]["raadighed"]["timing"].update(wordings=()))
    assert "Siden skriver både" not in said(put_in_words(FILES, profile), "faq/raadighedssamtale")


def with_file(path: Path) -> list[SourceFile]:
    """The files, one of them read from elsewhere."""
    return [read_file(path) if one.path.name == path.name else one for one in FILES]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the answers, to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "answers"))


FAULTS = [
    (
        "course.yml",
        "{joblog_per_week:ledig",
        "{joblog_a_week:ledig",
        "joblog_a_week",
        "joblog_per_week",
    ),
    ("shared.yml", "timing.within_days:dag", "timing.days:dag", "days in", "allowed: within_days"),
    ("shared.yml", ":dag|dage}", ":dage}", ":dage needs a number and two words", ":dag|dage"),
    ("booking.yml", "{systems.inbox}", "{systems}", "several values", "name one of them"),
    ("booking.yml", "{systems.inbox}", "{systems.inbox", "expected '}'", "twice"),
    ("booking.yml", "{systems.inbox}", "{}", "0", "write it as kinds[cv].timing.within_days"),
    ("booking.yml", "{systems.inbox}", "{systems.__class__}", "__class__", "allowed: own_site"),
    ("booking.yml", "{systems.inbox}", "{kinds[karriere].name}", "kinds[karriere]", "`when:"),
    ("booking.yml", "facts: [F24]", "facts: [F26]", "F26 is no fact", "allowed: F1, F2"),
    ("booking.yml", "    facts: [F24]\n", "", "rests on no fact", "list its `facts`"),
    (
        "booking.yml",
        "follow_ups: [handoff",
        "follow_ups: [handof",
        "'handof' has no title",
        "handoff",
    ),
    ("course.yml", "use: cv_due", "use: cv_do", "no phrase 'cv_do'", "allowed: "),
    ("booking.yml", "faq/no_free_time:", "faq/no_time:", "is no topic", "faq/no_free_time"),
    ("booking.yml", "    sms: Ja, du skal", "    mms: Ja, du skal", "mms", "remove it or correct"),
    ("course.yml", '"kinds[cv]": false', '"kinds[cv]]": false', "kinds[cv]]", "write it as"),
    ("booking.yml", "    facts: [F11]", "    facts: {F11", "not valid YAML", ""),
]


@pytest.mark.parametrize(("file", "right", "wrong", "what", "mend"), FAULTS)
def test_a_fault_is_told_with_file_line_and_mend(
    folder: Path, file: str, right: str, wrong: str, what: str, mend: str
) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    line = text[: text.index(right)].count("\n") + 1
    with pytest.raises(SourceError) as raised:
        put_in_words(with_file(path), PROFILES["standard"])
    told = [fault for fault in str(raised.value).splitlines() if what in fault and mend in fault]
    assert told, str(raised.value)
    found = re.match(rf"{re.escape(str(path))}:(\d+): ", told[0])
    assert found, told[0]
    assert abs(int(found[1]) - line) <= 3, (told[0], line)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    for file, right, wrong in (
        ("course.yml", "{joblog_per_week:ledig", "{jobs:ledig"), ("booking.yml", "[F24]", "[F99]"),
    ):  # fmt: skip
        path = folder / file
        path.write_text(path.read_text("utf-8").replace(right, wrong, 1), "utf-8")
    with pytest.raises(SourceError) as raised:
        load_answers(folder, profile=PROFILES["standard"])
    assert "jobs" in str(raised.value)
    assert "F99" in str(raised.value)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_without_an_answer_is_a_fault(topic: str) -> None:
    fewer = []
    for file in FILES:
        left = {name: one for name, one in file.content.answers.items() if name != topic}
        fewer.append(replace(file, content=file.content.copy(update={"answers": left})))
    with pytest.raises(SourceError, match=f"no answer for {topic};"):
        put_in_words(fewer, PROFILES["standard"])


def test_a_topic_answered_twice_is_a_fault(folder: Path) -> None:
    again = "answers:\n  faq/min_plan: {facts: [F6], text: Igen., sms: Igen.}\n"
    (folder / "zz.yml").write_text(again, "utf-8")
    with pytest.raises(SourceError, match=r"zz\.yml:2: answers\.faq/min_plan: is answered twice"):
        load_answers(folder, profile=PROFILES["standard"])


def test_a_folder_without_answers_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no answers here"):
        load_answers(tmp_path, profile=PROFILES["standard"])
