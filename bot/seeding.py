"""`moedeklar seed`: one file into the back end and the desk; --reset empties everything first.

Works on the databases themselves, so the processes may run or not; each part is one transaction.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from bot.backend.seed import seed
from bot.clock import domain_clock
from bot.database import make_engine, migrate, writing
from bot.desk.people import StaffEntry, put_staff
from bot.gateway.app import MIGRATIONS
from bot.gateway.reset import reset_gateway
from bot.profile import load_profile
from bot.settings import Settings


def seed_everything(settings: Settings, file: Path, reset: bool) -> str:
    """Load the file; with `reset` empty back end, gateway and Rasa's sessions first. What was loaded.

    Complete when it returns. Raises SourceError with every fault's line, and then nothing is changed.
    """
    backend = make_engine(settings.database_url("backend"))
    gateway = make_engine(settings.database_url("gateway"))
    migrate(gateway, MIGRATIONS)
    clock = domain_clock(settings)
    seeded = seed(backend, file, clock, load_profile(settings.profile), reset)
    if reset:
        reset_gateway(gateway)
        rasa = make_engine(settings.database_url("rasa"))
        _forget_sessions(rasa)
        rasa.dispose()
    put_staff(
        gateway, [StaffEntry(one.email, one.name, one.password, one.role) for one in seeded.staff]
    )
    backend.dispose()
    gateway.dispose()
    return (
        f"{file.name}: {seeded.members} members, {seeded.times} times, {seeded.meetings} meetings, "
        f"{len(seeded.staff)} staff"
    )


def _forget_sessions(rasa: Engine) -> None:
    """Rasa's own table of events, made by Rasa when it first starts."""
    if inspect(rasa).has_table("events"):
        with writing(rasa) as session:
            session.execute(text("DELETE FROM events"))
