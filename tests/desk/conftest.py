from tests.backend.conftest import _running, backend, profile, snapshot
from tests.desk.clerk import lead, maria, ole, people, waiting
from tests.gateway.fixtures import house, member, own_house, rasa, shared_house, shared_rasa

__all__ = [
    "_running", "backend", "house", "lead", "maria", "member", "ole", "own_house", "people",
    "profile", "rasa", "shared_house", "shared_rasa", "snapshot", "waiting",
]  # fmt: skip
