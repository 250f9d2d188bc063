"""What a speech synthesiser gets to read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import COPENHAGEN
from bot.dialogue.danish import when
from bot.dialogue.read_aloud import FILE, ReadAloud, read_aloud
from bot.yaml_source import SourceError, load_model


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kom kl. 10.00 i dag.", "Kom klokken 10 i dag."),
        ("Kl. 13.30 eller kl. 9.05", "Klokken 13 30 eller klokken 9 nul 5"),
        ("Åbent 9.00-15.30.", "Åbent 9 til 15 30."),
        ("torsdag den 26. november", "torsdag den seksogtyvende november"),
        ("tor 26/11 kl. 10.00", "torsdag den seksogtyvende november klokken 10"),
        ("man 31/8", "mandag den enogtredivte august"),
        ("side fra 1. november 2026", "side fra første november 2026"),
        ("Se jobnet.dk.", "Se jobnet punktum dk."),
        ("Se https://www.jobnet.dk/cv?a=1, og book.", "Se jobnet punktum dk, og book."),
        ("Skriv til hej@a-kassen.dk", "Skriv til hej snabel-a a-kassen punktum dk"),
        ("Fx mandag, f.eks. osv.", "For eksempel mandag, for eksempel og så videre."),
        ("Det er nr. 4 på listen", "Det er nummer 4 på listen"),
        ("Ring på tlf. 70 00 00 00.", "Ring på telefon 70 00 00 00."),
        ("og/eller digitalt/fremmøde", "eller digitalt eller fremmøde"),
        ("Siden skriver “knap” og \"efter\".", "Siden skriver knap og efter."),
        ("Kvittering: MK-7Q2F-9K3D.", "Kvittering: M K, 7 Q 2 F, 9 K 3 D."),
        ("Begge dele:\n– afbud\n– ny tid", "Begge dele: afbud. ny tid"),
        ("Første stykke.\n\nAndet stykke", "Første stykke. Andet stykke"),
        ("Mente du …?", "Mente du?"),
        ("melder afbud – uden ny tid", "melder afbud, uden ny tid"),
        ("Der er 1.000 ting, og 26/13 er ingen dato", "Der er 1.000 ting, og 26/13 er ingen dato"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_short_is_written_out(text: str, said: str) -> None:
    assert read_aloud(text) == said


@pytest.mark.parametrize(
    "text", ["mindre", "nrk", "kla", "cand", "Fxabc", "evtl", "a-kassen", "CV"]
)
def test_words_that_only_begin_like_an_abbreviation_stay(text: str) -> None:
    assert read_aloud(f"et {text} her") == f"et {text} her"


@given(st.integers(0, 365 * 3 * 24 * 4))
def test_every_time_that_the_bot_names_is_read_without_signs(quarter: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=COPENHAGEN) + timedelta(minutes=15 * quarter)
    named = when(start, datetime(2026, 11, 23, tzinfo=COPENHAGEN))
    for text in (named.long, named.short):
        said = read_aloud(text)
        assert not any(sign in said for sign in "./:-"), said
        assert "klokken" in said


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_one_line(text: str) -> None:
    said = read_aloud(text)
    assert "\n" not in said
    assert "  " not in said


def test_a_table_that_lacks_a_day_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "read_aloud.yml"
    text = FILE.read_text("utf-8")
    path.write_text(text.replace("tredivte, enogtredivte,", "tredivte,"), "utf-8")
    with pytest.raises(SourceError, match=r"read_aloud\.yml:\d+: days"):
        load_model(path, ReadAloud)


def test_months_and_weekdays_are_those_that_the_bot_writes() -> None:
    table = load_model(FILE, ReadAloud)
    noon = datetime(2026, 1, 15, 12, tzinfo=COPENHAGEN)
    for month, name in enumerate(table.months, 1):
        assert f" {name} " in when(noon.replace(month=month), noon).long
    for (short, name), n in zip(table.weekdays.items(), range(7), strict=True):
        told = when(datetime(2026, 11, 23 + n, 12, tzinfo=COPENHAGEN), noon)
        assert told.short.startswith(f"{short} ")
        assert name in told.long
