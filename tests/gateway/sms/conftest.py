from tests.gateway.fixtures import house, member, own_house, rasa, shared_house, shared_rasa

__all__ = ["house", "member", "own_house", "rasa", "shared_house", "shared_rasa"]
