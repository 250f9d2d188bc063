"""Messages without an answer are kept masked, and come out as a list or as training data."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.clock import read_instant
from bot.database import make_engine, migrate, writing
from bot.desk.unanswered import keep_unanswered, listed, masked, write_list, write_rasa
from bot.gateway.app import MIGRATIONS
from bot.settings import ROOT

AT = read_instant("2026-11-25T09:00")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hvad er jeres holdning til katte?", "hvad er jeres holdning til katte?"),
        ("ring til mig på 20 12 34 56", "ring til mig på [nummer]"),
        ("mit nr er +4520123456 tak", "mit nr er [nummer] tak"),
        ("skriv til lise.hansen@mail.dk nu", "skriv til [e-mail] nu"),
        ("se https://x.dk/a?b=1 her", "se [link] her"),
        ("jeg hedder lise hansen og vil noget", "jeg hedder [navn] og vil noget"),
        ("Kan Lise Hansen komme med?", "Kan [navn] komme med?"),
        ("jeg bor på Havnegade 12 i Odense", "jeg bor på [adresse] i [navn]"),
        ("Hvad er Min plan i Jobcenteret?", "Hvad er Min plan i Jobcenteret?"),
        ("kommer der 3 møder kl. 10.30 den 26/11", "kommer der 3 møder kl. 10.30 den 26/11"),
        ("medlem 100234 spørger", "medlem [nummer] spørger"),
        ("hej\n\nder  er\tluft", "hej der er luft"),
        ("å" * 400, "å" * 300),
    ],
)
def test_what_points_at_a_person_is_masked(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.fixture
def engine(tmp_path: Path):
    made = make_engine(f"sqlite:///{tmp_path / 'gateway.db'}")
    migrate(made, MIGRATIONS)
    with writing(made) as session:
        for text in ("Må min kat være med?", "må min kat være med?", "Hvem er Bo Bach?"):
            keep_unanswered(session, text, "out_of_scope", AT)
        keep_unanswered(session, "kan jeg få [rabat]: ja?", "ask_capabilities", AT)
    return made


def test_the_list_counts_the_same_words_once(engine) -> None:
    out = StringIO()
    write_list(listed(engine), out)
    first = out.getvalue().splitlines()[0]
    assert first.split() == ["2", "2026-11-25", "out_of_scope", *"Må min kat være med?".split()]
    assert "Bo Bach" not in out.getvalue()


def test_the_export_is_training_data_that_rasa_reads(engine) -> None:
    out = StringIO()
    write_rasa(listed(engine), out)
    read = RasaYAMLReader().reads(out.getvalue())
    examples = {(one.get("intent"), one.get("text")) for one in read.training_examples}
    assert examples == {
        ("out_of_scope", "Må min kat være med?"),
        ("out_of_scope", "Hvem er (navn)?"),
        ("ask_capabilities", "kan jeg få (rabat): ja?"),
    }


def test_nothing_unanswered_is_an_empty_list(tmp_path: Path) -> None:
    made = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    migrate(made, MIGRATIONS)
    out = StringIO()
    write_rasa(listed(made), out)
    assert RasaYAMLReader().reads(out.getvalue()).training_examples == []


def test_the_command(engine, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot.cli", "unanswered", "--rasa"],
        cwd=ROOT, env={**os.environ, "MOEDEKLAR_HOME": str(tmp_path)}, text=True,
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    assert ran.stdout.startswith("version:")
    assert "Må min kat være med?" in ran.stdout
