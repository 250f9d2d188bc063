"""That the parts that name each other agree: intents, rules, actions, replies, settings, documents."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import tomli
from rasa_sdk import Action
from ruamel.yaml import YAML

from actions import turns
from bot.dialogue.matters import SUGGESTABLE
from bot.dialogue.wording import load_replies
from bot.nlu.catalogue import INTENTS as CATALOGUE
from bot.nlu.catalogue import catalogue_name
from bot.settings import ROOT, Settings


def _yaml(name: str) -> Any:
    return YAML(typ="safe").load(ROOT / name)


def _rules() -> dict[str, str]:
    """Intent -> action, of data/rules.yml."""
    leads: dict[str, str] = {}
    for rule in _yaml("data/rules.yml")["rules"]:
        first, second = rule["steps"]
        for step in first.get("or", [first]):
            assert step["intent"] not in leads, "an intent in two rules"
            leads[step["intent"]] = second["action"]
    return leads


DOMAIN = _yaml("domain.yml")
INTENTS = {name for entry in DOMAIN["intents"] for name in entry}


def test_the_domain_has_the_catalogues_intents() -> None:
    assert {catalogue_name(name) for name in INTENTS - {"nlu_fallback"}} == set(CATALOGUE)


def test_every_intent_leads_to_an_action_and_every_action_is_reached() -> None:
    assert set(_rules()) == INTENTS
    assert set(_rules().values()) == set(DOMAIN["actions"])


def test_every_action_of_the_domain_is_there_and_thin() -> None:
    classes = [
        value
        for value in vars(turns).values()
        if isinstance(value, type) and issubclass(value, Action) and value is not Action
    ]
    assert {one().name() for one in classes} == set(DOMAIN["actions"])


def test_no_reply_stands_outside_an_action() -> None:
    """An action server that is down is logged as success: what follows it in a rule would be a lie."""
    for rule in _yaml("data/rules.yml")["rules"]:
        assert [next(iter(step)) for step in rule["steps"][1:]] == ["action"]
    assert "responses" not in DOMAIN


def test_every_intent_has_training_messages() -> None:
    files = {file.stem for file in (ROOT / "data" / "nlu").glob("*.yml")}
    assert files == INTENTS - {"nlu_fallback"}


def _keys_in_code() -> set[str]:
    """Strings in bot/dialogue that look like keys of the replies, f-strings as patterns."""
    found: set[str] = set()
    for file in (ROOT / "bot" / "dialogue").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                found.add(
                    "".join(
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                        for part in node.values
                    )
                )
    return found


def test_every_reply_is_used() -> None:
    patterns = [re.compile(pattern) for pattern in _keys_in_code() if pattern != r"\w+"]
    unused = [key for key in load_replies() if not any(p.fullmatch(key) for p in patterns)]
    assert unused == []


def test_every_reading_that_can_be_meant_has_a_title() -> None:
    assert {f"meant_{name}" for name in SUGGESTABLE} <= set(load_replies())


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for name in Settings.__fields__:
        assert f"MOEDEKLAR_{name.upper()}" in text


@pytest.mark.parametrize(
    "name", ["README.md", *[f"docs/{f.name}" for f in (ROOT / "docs").glob("*.md")]]
)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    file = ROOT / name
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text("utf-8")):
        assert (file.parent / target).exists(), target


def test_dependencies_are_documented() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    project = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.split(r"[\[<>=]", line)[0] for line in wanted]
    assert [name for name in names if name.lower() not in text] == []


def test_no_file_holds_a_path_of_a_machine() -> None:
    for file in Path(ROOT).glob("bot/**/*.py"):
        assert "/home/" not in file.read_text("utf-8")
