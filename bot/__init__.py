"""Mødeklar: the assistant around an a-kasse's meetings. Rooms: `docs/architecture.md`."""
