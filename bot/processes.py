"""`moedeklar serve`: each of the four processes, wired from the settings."""

from __future__ import annotations

from functools import partial
from typing import Any

import uvicorn

from bot.backend.client import BackendClient
from bot.clock import domain_clock
from bot.database import make_engine
from bot.profile import load_profile
from bot.settings import Settings


def serve(process: str, settings: Settings) -> None:
    """Run one process until it is told to stop."""
    {"backend": _backend, "gateway": _gateway, "actions": _actions, "rasa": _rasa}[process](
        settings
    )


def _backend(settings: Settings) -> None:
    from bot.backend.app import create_app

    engine = make_engine(settings.database_url("backend"))
    app = create_app(settings, domain_clock(settings), engine)
    _run(app, settings.backend_port, host="127.0.0.1", settings=settings)


def _gateway(settings: Settings) -> None:
    from bot.gateway.app import create_app
    from bot.gateway.rasa import RasaHttp
    from bot.gateway.records import BackendDirectory, BackendNotices, demo_members

    app = create_app(
        engine=make_engine(settings.database_url("gateway")),
        clock=domain_clock(settings),
        settings=settings,
        profile=load_profile(settings.profile),
        rasa=RasaHttp(settings.rasa_url, settings.rasa_token),
        directory=BackendDirectory(BackendClient(settings.backend_url, settings.service_token)),
        demo_members=partial(demo_members, settings.seed),
        notices=BackendNotices(BackendClient(settings.backend_url, settings.service_token)),
        backend=BackendClient(
            settings.backend_url, settings.service_token, read_seconds=2.0, deadline_seconds=4.0
        ),
    )
    _run(app, settings.gateway_port, host="0.0.0.0", settings=settings)


def _actions(settings: Settings) -> None:
    from actions.server import serve as serve_actions

    serve_actions(settings)


def _rasa(settings: Settings) -> None:
    from bot.rasa_process import serve as serve_rasa

    serve_rasa(settings)


def _run(app: Any, port: int, host: str, settings: Settings) -> None:
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level=settings.log_level,
        access_log=False,
        timeout_graceful_shutdown=2,
        ws="none",  # no web sockets here, and Rasa's old `websockets` breaks uvicorn's
    )
