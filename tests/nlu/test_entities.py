"""The component in Rasa: what it puts on a message, and that it comes back from storage."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.catalogue import INTENTS, catalogue_name, rasa_name
from bot.nlu.entities import DanishEntities

EXAMPLES = [
    ("jeg er syg", "afbud", "illness"),
    ("har feber i dag", "afbud", "illness"),
    ("bussen kører ikke", "afbud", "transport"),
    ("toget er aflyst", "afbud", "transport"),
    ("kan ikke komme", "afbud", None),
    ("vil gerne booke en tid", "book_meeting", None),
    ("må man være syg", "faq_valid_absence", "illness"),
]


def example(text: str, intent: str, reason: str | None) -> Message:
    marks = {"reason": reason} if reason else {}
    return Message.build(text=text, intent=intent, example_metadata=marks)


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> DanishEntities:
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("model"))
    context = ExecutionContext(GraphSchema({}))
    resource = Resource("entities")
    config = DanishEntities.get_default_config()
    made = DanishEntities.create(config, storage, resource, context)
    made.train(TrainingData([example(*row) for row in EXAMPLES] * 3))
    return DanishEntities.load(config, storage, resource, context)


def read(component: DanishEntities, text: str, **data: object) -> list[dict[str, object]]:
    message = Message({"text": text, "metadata": {"now": "2026-11-23T08:00:00+00:00"}, **data})
    component.process([message])
    found: list[dict[str, object]] = message.get("entities")
    return found


def test_all_four_kinds_of_entities_in_one_message(component: DanishEntities) -> None:
    text = "jeg er syg og kan ikke komme til rådighedssamtalen på torsdag, må den være digital?"
    found = read(component, text, intent_ranking=[{"name": "afbud", "confidence": 0.9}])
    assert [entity["entity"] for entity in found] == [
        "reason",
        "meeting_kind",
        "time",
        "meeting_format",
    ]
    assert {entity["extractor"] for entity in found} == {"DanishEntities"}
    time = found[2]
    assert text[time["start"] : time["end"]] == "torsdag"
    assert time["value"]["parse"] == {
        "value": "2026-11-26T00:00:00+01:00",
        "grain": "day",
    }
    assert found[0]["value"] == "illness"


def test_now_comes_from_the_message(component: DanishEntities) -> None:
    message = Message({"text": "i morgen", "metadata": {"now": "2027-03-27T12:00:00+01:00"}})
    component.process([message])
    assert message.get("entities")[0]["value"]["start"] == "2027-03-28T00:00:00+01:00"


def test_what_others_found_is_kept(component: DanishEntities) -> None:
    choice = {"entity": "choice", "start": 0, "end": 1}
    found = read(component, "i morgen", entities=[choice])
    assert found[0] == choice
    assert "time" in [entity["entity"] for entity in found]


def test_an_empty_message_is_passed_on(component: DanishEntities) -> None:
    assert read(component, "") is None


def test_the_vocabulary_is_part_of_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = DanishEntities.fingerprint_addon({})
    (tmp_path / "reasons.yml").write_text("other: words\n", "utf-8")
    monkeypatch.setattr("bot.nlu.entities.VOCABULARY", tmp_path)
    assert DanishEntities.fingerprint_addon({}) != before


@pytest.mark.parametrize("method", ["create", "load"])
def test_rasa_can_check_the_types_of_its_parameters(method: str) -> None:
    parameters = inspect.signature(getattr(DanishEntities, method)).parameters.values()
    assert all(each.annotation is not inspect.Parameter.empty for each in parameters)


def test_every_catalogue_name_has_one_name_in_rasa_and_back() -> None:
    assert len(INTENTS) == 44
    assert [catalogue_name(rasa_name(name)) for name in INTENTS] == list(INTENTS)
    assert not any("/" in rasa_name(name) for name in INTENTS)
