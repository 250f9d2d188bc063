"""The action server as a process: loopback only, and errors that say nothing about members."""

from __future__ import annotations

import logging
import traceback

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dialogue.wording import wording
from bot.settings import Settings

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"


def make_server() -> Sanic:
    """rasa-sdk's server with our actions; its own error handler would echo the whole conversation."""
    app = create_app("actions.turns", cors_origins="")
    app.error_handler.add(Exception, _failed)
    return app


def serve(settings: Settings) -> None:
    """Run the action server until it is told to stop. Raises SourceError for a faulty data file."""
    wording(settings.profile)  # read, checked and kept before the first member writes
    make_server().run(LOOPBACK, settings.actions_port, access_log=False)


def _failed(_request: Request, error: Exception) -> HTTPResponse:
    # The trace without the error's own text, which may quote what a member wrote.
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("an action failed: %s\n%s", type(error).__name__, places)
    return response.json({"error": type(error).__name__, "action_name": ""}, status=500)
