"""Rasa as one of the four processes: loopback only, no HTTP API, no telemetry, one model, one channel."""

from __future__ import annotations

import os

from bot.settings import ROOT, Settings
from bot.training import fitting_model, prepare_environment, quiet_logs

LOOPBACK = "127.0.0.1"


def serve(settings: Settings) -> None:
    """Run Rasa until it is told to stop. Raises ModelError."""
    model = fitting_model()
    prepare_environment()
    os.chdir(ROOT)  # Rasa finds the pipeline's components by import, from the project's root
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    quiet_logs()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action.url = f"{settings.actions_url}/webhook"
    endpoints.tracker_store = EndpointConfig(settings.database_url("rasa"), type="SQL")
    rasa.core.run.serve_application(
        model_path=str(model),
        interface=LOOPBACK,
        port=settings.rasa_port,
        credentials=str(ROOT / "credentials.yml"),
        enable_api=False,
        endpoints=endpoints,
    )
