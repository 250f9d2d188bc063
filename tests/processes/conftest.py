"""One house for the tests that do not break it; those that do start their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.house import House

SEED = Path(__file__).parent / "seed.yml"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The four processes with the members of seed.yml."""
    house = House(tmp_path_factory.mktemp("home"), SEED)
    house.start()
    yield house
    assert house.stop() == 0
