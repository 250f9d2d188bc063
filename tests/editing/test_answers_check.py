"""`moedeklar answers check`: what it finds, what it lets pass, and what it prints."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.answer_reading import FOLDER, put_in_words, read_folder
from bot.dialogue.answers import Answer, Answers
from bot.editing.answers_check import check, run, table
from bot.editing.answers_shown import show, shown
from bot.editing.danish_in_code import danish_texts, in_source, is_danish_text
from bot.editing.grounding import figures, ungrounded
from bot.editing.measures import lix
from bot.profile import Profile, load_profile

PROFILES = {name: load_profile(name) for name in ("standard", "fjord")}
STANDARD = PROFILES["standard"]
FILES = read_folder()
ANSWERS = put_in_words(FILES, STANDARD)


def with_answer(topic: str, **changes: Any) -> Answers:
    """The standard answers, one of them changed."""
    return Answers(
        replace(ANSWERS.answer(name), **changes) if name == topic else ANSWERS.answer(name)
        for name in ANSWERS.topics
    )


@pytest.mark.parametrize("name", PROFILES)
def test_the_answers_pass_with_each_profile(name: str) -> None:
    assert check(PROFILES[name], put_in_words(FILES, PROFILES[name])).faults == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Du har 15 dage til at booke.", "'15 dag'"),
        ("Du har 14 uger til at booke.", "'14 uge'"),
        ("Der er tre samtaler.", "'tre'"),
        ("Møderne er om tirsdagen i lige uger, lørdag.", "'lørdag'"),
        ("Book senest, når du kan.", "'senest'"),
        ("Gør det straks.", "'straks'"),
        ("Søg om det dagen før.", "'dagen før'"),
        ("Det tager et halvt år.", "'halvt år'"),
    ],
)
def test_a_figure_that_no_fact_has_is_found(text: str, fault: str) -> None:
    report = check(STANDARD, with_answer("faq/cv_meeting", text=text, aloud=text))
    assert any(fault in told and "faq/cv_meeting" in told for told in report.faults), report.faults
    assert all(str(FOLDER / "course.yml") in told for told in report.faults if "figure" in told)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Inden for de første 14 dage.", ["Inden for de første 14 dage efter tilmelding."]),
        ("Det er fjorten dage.", ["Inden for 14 dage."]),
        ("Omkring 6 måneder.", ["Efter 6 måneders ledighed."]),
        ("Der er 2 samtaler.", ["Den første af 2 rådighedssamtaler."]),
        ("Book senest på den frist.", ["Bookingen skal ske inden for den angivne frist."]),
        ("Ring på 70 00 00 00, mandag fra 9.00 til 15.30.", []),
        ("En anden grund, og et andet møde.", []),
        ("Du har 1 ledig tid.", ["Der er 1 tid."]),
    ],
)
def test_what_a_fact_has_may_be_said(text: str, facts: list[str]) -> None:
    assert ungrounded(text, facts, STANDARD) == []


def test_a_number_without_its_unit_is_not_enough() -> None:
    assert ungrounded("Du har 6 uger.", ["Efter 6 måneder."], STANDARD) == ["6 uge"]
    assert ungrounded("Du har 6.", ["Efter 6 måneder."], STANDARD) == []


def test_the_profiles_own_numbers_must_stand_in_its_facts() -> None:
    tree = STANDARD.copy(deep=True).dict()
    tree["kinds"]["cv"]["timing"]["within_days"] = 10
    profile = Profile.parse_obj(tree)
    faults = check(profile, put_in_words(FILES, profile)).faults
    assert {fault.split(": ")[1] for fault in faults} == {"faq/cv_meeting", "faq/first_six_months"}
    assert all("'10 dag'" in fault for fault in faults)


def test_words_are_no_figures() -> None:
    assert figures("En konsulent i dit Jobcenter, og dagpenge hele vejen.") == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": "ord " * 91}, "text has 91 words; at most 90"),
        ({"text": "Rådighedssamtaler forudsætter indkaldelse."}, "text has LIX 103"),
        ({"sms": "a" * 307}, "sms is 307 characters; at most 306"),
        ({"sms": "Book “i dag”."}, "“ (U+201C) ” (U+201D); write it with others"),
        ({"sms": "Hej 🙂"}, "U+1F642"),
        ({"aloud": "Se https://a-kassen.dk/min-side"}, "'https:' can't be read aloud"),
        ({"aloud": "Se minside.dk for mere."}, "'minside.dk' can't be read aloud"),
        ({"aloud": "Fx når du er syg, f.eks. i dag."}, "'f.eks.' can't be read aloud"),
        ({"aloud": "Kom kl. ni."}, "'kl.' can't be read aloud"),
        ({"aloud": "Møder/samtaler."}, "'/' can't be read aloud"),
        ({"aloud": "Se jobnet.dk i dag."}, "'jobnet.dk' can't be read aloud"),
        ({"choices": ANSWERS.answer("faq/min_plan").choices * 2}, "has 6 choices; at most 3"),
        ({"facts": ("F6",)}, "F7 is used by no answer"),
    ],
)
def test_a_text_that_is_not_fit_for_its_channel_is_found(
    changes: dict[str, Any], fault: str
) -> None:
    answers = with_answer("faq/min_plan", **changes)
    if "facts" in changes:
        both = {"faq/min_plan", "faq/job_search_requirements"}
        answers = Answers(
            replace(ANSWERS.answer(name), **changes) if name in both else ANSWERS.answer(name)
            for name in ANSWERS.topics
        )
    assert any(fault in told for told in check(STANDARD, answers).faults)


def test_a_text_message_with_its_choices_has_a_limit_too() -> None:
    long_choice = ANSWERS.answer("faq/no_show").choices[0].copy(update={"title": "b" * 80})
    answers = with_answer("faq/no_show", sms="a" * 306, choices=(long_choice,) * 3)
    assert any("with its choices" in told for told in check(STANDARD, answers).faults)


def test_an_address_in_an_answer_is_written_out_for_reading_aloud() -> None:
    answer = ANSWERS.answer("faq/book_jobcenter")
    assert "jobnet.dk" in answer.text
    assert "jobnet punktum dk" in answer.aloud
    assert "jobnet.dk" not in answer.aloud


def test_lix_is_words_a_sentence_and_long_words_in_a_hundred() -> None:
    assert lix("Du skal komme. Det er en pligt.") == pytest.approx(7 / 2)
    assert lix("Du skal booke rådighedssamtaler.") == pytest.approx(4 + 25)
    assert lix("Se jobnet.dk i dag.") == pytest.approx(4 + 25)
    assert lix("") == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Du har ikke nogen møder.", True),
        ("Tak for din besked", True),
        ("Vi kan hjælpe.", True),
        ("Prøv igen om lidt.", True),
        ("Dit møde er booket til {} {}", True),
        ("lørdag", False),
        ("førstkommende torsdag", False),
        ("Mødeklar: reference back end", False),
        (r"\b(i stedet for|istedet for|på en anden dag)\b", False),
        ("EEEE 'den' d. MMMM y", False),
        ("the meeting is not live", False),
        ("'afbud' and 'aflys' give a meeting up; they never end or begin", False),
        ("(afbud_reason IS NULL) = (afbud_at IS NULL)", False),
        ("no kind 'rådighed'; allowed: cv", False),
        ("", False),
    ],
)
def test_what_counts_as_danish_text(text: str, found: bool) -> None:
    assert is_danish_text(text) is found


def test_comments_and_docstrings_may_be_danish() -> None:
    source = '''"""Det er ikke noget, du får at se."""
# Du har ikke nogen møder.
SHOWN = "a"
"""Det her er heller ikke noget for dig."""
def f() -> str:
    """Du har ikke nogen møder."""
    return f"Du har ikke {SHOWN} møder."
'''
    assert [(one.line, one.text) for one in in_source(source, Path("a.py"))] == [
        (7, "Du har ikke {} møder.")
    ]


def test_rooms_that_say_nothing_to_members_are_passed_by(tmp_path: Path) -> None:
    for room in ("bot/nlu", "bot/desk", "bot/dialogue", "actions"):
        (tmp_path / room).mkdir(parents=True)
        (tmp_path / room / "a.py").write_text('X = "Du har ikke nogen møder."\n', "utf-8")
    assert [str(one.path) for one in danish_texts(tmp_path)] == [
        "bot/dialogue/a.py",
        "actions/a.py",
    ]


def test_no_danish_text_stands_in_the_dialogue_or_the_actions() -> None:
    root = FOLDER.parent.parent
    assert danish_texts(root, ("bot/dialogue", "bot/backend", "bot/gateway", "actions")) == []


def test_the_table_has_the_figures_of_every_topic() -> None:
    printed = table(check(STANDARD, ANSWERS)).splitlines()
    row = next(line for line in printed if line.startswith("faq/min_plan "))
    answer = ANSWERS.answer("faq/min_plan")
    expected = [str(len(answer.text.split())), f"{lix(answer.text):.0f}", "2/2", "F6", "F7"]
    assert row.split()[1:] == expected
    assert printed[-1] == f"profile standard: {len(ANSWERS.topics)} answers, no faults"


def test_show_prints_what_is_seen_on_each_channel() -> None:
    answer: Answer = ANSWERS.answer("faq/no_show")
    printed = shown(ANSWERS, "faq/no_show")
    assert answer.text in printed
    assert answer.sms in printed
    assert f"[{answer.choices[0].title}]" in printed
    assert f"1) {answer.choices[0].title}" in printed
    assert "(side fra 1. november 2026), Pligt til at deltage" in printed
    assert "Read aloud" not in printed
    spoken = shown(with_answer("faq/no_show", aloud="Noget andet."), "faq/no_show")
    assert spoken.endswith("--- Read aloud\nNoget andet.")


def test_show_of_an_unknown_topic_names_the_known_ones() -> None:
    out = io.StringIO()
    assert show("standard", "faq/min_plane", out) == 2
    assert "no topic 'faq/min_plane'" in out.getvalue()
    assert "faq/min_plan," in out.getvalue()
    assert show("fjord", None, io.StringIO()) == 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the answers and profiles, and code in which nothing is said."""
    shutil.copytree(FOLDER.parent, tmp_path / "data")
    (tmp_path / "bot").mkdir()
    return tmp_path


def ran(project: Path) -> tuple[int, str]:
    out, data = io.StringIO(), project / "data"
    return run("standard", out, data / "answers", data / "profiles", project), out.getvalue()


def test_the_command_says_that_all_is_well(project: Path) -> None:
    code, printed = ran(project)
    assert code == 0
    assert "profile fjord: no faults" in printed
    assert "Danish text in code: no faults" in printed


def test_the_command_fails_for_a_fault_in_the_code(project: Path) -> None:
    (project / "bot" / "a.py").write_text('X = 1\nY = "Du har ikke nogen møder."\n', "utf-8")
    code, printed = ran(project)
    assert code == 1
    assert "bot/a.py:2: 'Du har ikke nogen møder.' is said to members" in printed


def test_the_command_fails_for_a_fault_with_another_profile(project: Path) -> None:
    fjord = project / "data" / "profiles" / "fjord.yml"
    fjord.write_text(
        fjord.read_text("utf-8").replace("within_days: 21", "within_days: 22"), "utf-8"
    )
    code, printed = ran(project)
    assert code == 1
    assert "'22 dag'" in printed
    assert f"profile standard: {len(ANSWERS.topics)} answers, no faults" in printed


def test_a_profile_that_answers_can_not_be_said_with_is_told_by_line(project: Path) -> None:
    fjord = project / "data" / "profiles" / "fjord.yml"
    text = fjord.read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("  F11:")]
    fjord.write_text("\n".join(lines), "utf-8")
    code, printed = ran(project)
    assert code == 1
    assert "booking.yml:" in printed
    assert "F11 is no fact of the profile fjord" in printed
