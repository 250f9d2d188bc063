"""The OpenAPI document: what it allows works, what it forbids is refused, every answer is as it says."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from pydantic import ValidationError
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bot.backend import contract
from bot.backend.contract import Wire
from bot.backend.document import EXAMPLES
from bot.backend.refusals import STATUS

from .conftest import TOKEN, Backend

load_all_checks()
KEYS = count()
REAL = {
    "member": ["m1", "m2", "m3"],
    "meeting": ["x1", "x2", "x9", "j1", "j2"],
    "notice": ["1", "2"],
}
WIRES = {name: type_ for name, type_ in vars(contract).items()
         if isinstance(type_, type) and issubclass(type_, Wire) and type_ is not Wire}  # fmt: skip


@pytest.fixture
def document(backend: Backend) -> Any:
    backend.client("system").due_notices()
    return schemathesis.openapi.from_url(f"{backend.url}/openapi.json")


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_call_as_the_document_says(case: Any) -> None:
    """Real ids as often as made-up ones, so that the calls reach the records.

    Left out: that whatever fits the document is accepted. Which 422 a record earns (`jobcenter_owned`,
    `kind_mismatch`, an invitation of an unknown kind) no document can say.
    """
    number = next(KEYS)
    for name, ids in REAL.items():
        if name in (case.path_parameters or {}) and number % 2:
            case.path_parameters[name] = ids[number // 2 % len(ids)]
    case.call_and_validate(
        headers={"Authorization": f"Bearer {TOKEN}"}, excluded_checks=[positive_data_acceptance]
    )


@pytest.mark.parametrize("name", sorted(WIRES))
def test_every_type_has_an_example_that_fits(name: str) -> None:
    example = EXAMPLES[name]
    found = WIRES[name].parse_obj(example)
    assert json.loads(found.json()).keys() >= example.keys()
    assert WIRES[name].schema()["examples"] == [example]


def test_what_may_be_null_is_said_and_nothing_else(backend: Backend) -> None:
    meeting = contract.Meeting.schema()["properties"]
    assert {"type": "null"} in meeting["adviser"]["anyOf"]
    assert "anyOf" not in meeting["kind"]
    answer = contract.AnswerParticipation.schema()["properties"]["participation"]
    assert "anyOf" not in answer
    with pytest.raises(ValidationError):
        contract.AnswerParticipation(participation=None)


def test_every_code_is_somewhere_in_the_document(backend: Backend) -> None:
    text = requests.get(f"{backend.url}/openapi.json", timeout=5).text
    assert [code for code in STATUS if f'"{code}"' not in text] == []


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/members/m1/meetings", "GET, POST"), ("PUT", "/members/m1", "GET"),
        ("OPTIONS", "/members/lookup", "POST"),
    ],
)  # fmt: skip
def test_other_methods_are_405_and_say_which(
    backend: Backend, method: str, path: str, allow: str
) -> None:
    answer = requests.request(method, backend.url + path, timeout=5)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allow)
    assert answer.json()["error"]["code"] == "method_not_allowed"
