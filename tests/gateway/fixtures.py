"""Fixtures of the gateway's and the desk's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import House, Member


@pytest.fixture(scope="session")
def shared_rasa() -> Iterator[FakeRasa]:
    fake = FakeRasa()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture(scope="session")
def shared_house(
    tmp_path_factory: pytest.TempPathFactory, shared_rasa: FakeRasa
) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"), shared_rasa)
    house.start()
    yield house
    house.stop()


@pytest.fixture
def house(shared_house: House, shared_rasa: FakeRasa) -> Iterator[House]:
    """A running gateway with healthy neighbours, shared by tests that use members of their own."""
    shared_rasa.behave()
    yield shared_house
    shared_rasa.behave()
    shared_house.records.down = False


@pytest.fixture
def rasa(shared_rasa: FakeRasa) -> FakeRasa:
    return shared_rasa


@pytest.fixture
def member(house: House) -> Member:
    return house.member()


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """A gateway and a Rasa of the test's own, started by the test, to be stopped in its middle."""
    fake = FakeRasa()
    fake.start()
    house = House(tmp_path, fake)
    yield house
    fake.behave()
    house.stop()
    fake.stop()
