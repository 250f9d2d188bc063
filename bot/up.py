"""`moedeklar up`: a database with demo members where there is none, then the four processes."""

from __future__ import annotations

from bot.backend.seed import is_empty
from bot.backend.tables import MIGRATIONS
from bot.clock import domain_clock
from bot.database import make_engine, migrate
from bot.profile import load_profile
from bot.seeding import seed_everything
from bot.settings import Settings
from bot.supervisor import Supervisor
from bot.training import fitting_model


def up(settings: Settings) -> int:
    """Run everything until Ctrl-C. The exit code. Raises the faults that `main` puts in one line."""
    load_profile(settings.profile)
    fitting_model()
    clock = domain_clock(settings)
    supervisor = Supervisor(settings, _say)
    supervisor.refuse_taken_ports()
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url("backend"))
    migrate(engine, MIGRATIONS)
    if settings.development and is_empty(engine):
        _say(f"== database: empty, loading {settings.seed.name}")
        _say("   " + seed_everything(settings, settings.seed, reset=False))
    engine.dispose()
    if clock.offset:
        _say(
            f"== clock: moved to {clock.now():%Y-%m-%d %H:%M} UTC (kept in {settings.home / 'clock'})"
        )
    _say("== starting (Rasa takes some seconds)")
    return supervisor.run(lambda: _announce(settings))


def _announce(settings: Settings) -> None:
    _say("== ready")
    if settings.development:
        _say(f"   Min side (demo)  {settings.gateway_url}/")
        _say(f"   Sms (simulator)  {settings.gateway_url}/sms/phone")
        _say("   Chat here        .venv/bin/moedeklar chat --member m1 [--channel sms]")
    _say(f"   Support desk     {settings.gateway_url}/desk")
    _say(f"   Chat API         {settings.gateway_url}/api/chat/messages")
    _say(f"   Back end         {settings.backend_url}/openapi.json")
    _say("   Ctrl-C ends all four.")


def _say(line: str) -> None:
    print(line, flush=True)
