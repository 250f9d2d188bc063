"""spaCy in the pipeline: what it gives, that it waits to be asked, and that no message fails by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.nlu.analysis import ANALYSIS, UNUSED, Analysis, DanishAnalysis, analyses, load_pipeline
from bot.nlu.entities import DanishEntities

ROOT = Path(__file__).resolve().parents[2]
MODEL = "da_core_news_sm"
CONTEXT = ExecutionContext(GraphSchema({}))


@pytest.fixture(scope="module")
def nlp() -> Any:
    return load_pipeline(MODEL)


def made(path: Path, **config: Any) -> DanishAnalysis:
    storage = LocalModelStorage.create(path)
    return DanishAnalysis.create(config, storage, Resource("analysis"), CONTEXT)


def test_the_pipeline_of_rasa_has_it_before_what_asks_it() -> None:
    config = YAML(typ="safe").load((ROOT / "config.yml").read_text("utf-8"))
    names = [part["name"].rpartition(".")[2] for part in config["pipeline"]]
    assert names.index("DanishAnalysis") < names.index("DanishEntities")


def test_the_package_is_the_drop_in_with_the_parts_that_are_asked() -> None:
    whole = spacy.load(MODEL)
    assert (whole.lang, whole.meta["name"]) == ("da", "core_news_sm")
    assert {"tok2vec", "morphologizer", "lemmatizer", "attribute_ruler", "ner"} <= set(
        whole.pipe_names
    )


def test_what_nobody_asks_is_not_loaded(nlp: Any) -> None:
    assert set(nlp.pipe_names) == {"tok2vec", "lemmatizer", "ner"}
    assert not set(UNUSED) & set(nlp.pipe_names)


def test_lemmas_and_names(nlp: Any) -> None:
    analysis = Analysis("Jeg skal til samtaler hos Hanne Jensen, og børnene er syge", nlp)
    lemmas = analysis.lemmas().split()
    assert {"samtale", "barn"} <= set(lemmas)
    assert "<PER>" in lemmas
    assert [name.kind for name in analysis.names()] == ["PER"]


def test_many_at_once_are_read_as_each_alone(nlp: Any) -> None:
    texts = ["min søn er syg", "toget til Aarhus er aflyst", "", "🤒"]
    together = analyses(texts, nlp)
    assert [one.lemmas() for one in together] == [Analysis(text, nlp).lemmas() for text in texts]


def test_a_message_is_analysed_when_somebody_asks(tmp_path: Path) -> None:
    component = made(tmp_path)
    calls: list[str] = []
    real = component._nlp
    component._nlp = lambda text: calls.append(text) or real(text)
    message = Message({"text": "jeg er syg"})
    component.process([message])
    assert calls == []
    message.get(ANALYSIS).lemmas()
    message.get(ANALYSIS).names()
    assert calls == ["jeg er syg"]


def test_a_missing_pipeline_is_said_and_words_are_taken_as_typed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load_pipeline.cache_clear()
    component = made(tmp_path, model="da_not_there")
    assert "spaCy's da_not_there is off" in caplog.text
    message = Message({"text": "mine børn er syge"})
    component.process([message])
    assert message.get(ANALYSIS).lemmas() == "mine born er syge"
    assert message.get(ANALYSIS).names() == []
    assert DanishAnalysis.fingerprint_addon({"model": "da_not_there"}) is None


def test_a_pipeline_that_breaks_costs_no_message(caplog: pytest.LogCaptureFixture) -> None:
    def broken(text: str) -> Any:
        raise KeyError(text)

    analysis = Analysis("min hemmelighed", broken)
    assert analysis.lemmas() == "min hemmelighed"
    assert "KeyError" in caplog.text
    assert "hemmelighed" not in caplog.text


def test_a_very_long_message_is_read_to_its_end(nlp: Any) -> None:
    text = "jeg er syg " * 200 + "slut"
    assert Analysis(text, nlp).lemmas().endswith("slut")


def test_training_messages_come_analysed(tmp_path: Path) -> None:
    message = Message.build(text="toget er aflyst", intent="afbud")
    made(tmp_path).process_training_data(TrainingData([message]))
    assert message.get(ANALYSIS).lemmas().split()[0] == "tog"


def test_a_name_is_no_month(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    reader = DanishEntities.create({}, storage, Resource("entities"), CONTEXT)
    analysed = made(tmp_path / "analysis")

    def times(text: str) -> list[str]:
        message = Message({"text": text, "metadata": {"now": "2026-11-23T08:00:00+00:00"}})
        for component in (analysed, reader):
            component.process([message])
        return [
            text[each["start"] : each["end"]]
            for each in message.get("entities")
            if each["entity"] == "time"
        ]

    assert times("Maj-Britt har ringet til mig") == []
    assert times("jeg kan først i maj") == ["maj"]
    assert times("Onsdag kan jeg ikke, Maj-Britt kan torsdag") == ["Onsdag", "torsdag"]
