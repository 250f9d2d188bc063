"""The back end as an ASGI application: everything it needs is passed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from bot.backend.inbox import Texts, load_texts
from bot.backend.refusals import STATUS, Refusal
from bot.backend.routes import changes, notices, reads, staff
from bot.backend.tables import MIGRATIONS
from bot.backend.upkeep import Upkeep
from bot.backend.work import House
from bot.clock import Clock
from bot.database import migrate
from bot.profile import Profile, load_profile
from bot.settings import Settings
from bot.web import envelope, install_edge

UPKEEP_SECONDS = 20.0


def create_app(
    settings: Settings,
    clock: Clock,
    engine: Engine,
    profile: Profile | None = None,
    texts: Texts | None = None,
    upkeep_seconds: float | None = UPKEEP_SECONDS,
) -> FastAPI:
    """The application; it brings the schema up to date when it starts.

    `upkeep_seconds`: how often the automatic course is looked at; none: somebody else does it.
    Profile and texts are read from `data/` where they are not given. Raises SourceError.
    """
    house = House(engine, clock, profile or load_profile(settings.profile), texts or load_texts())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(migrate, engine, MIGRATIONS)
        upkeep = None if upkeep_seconds is None else Upkeep(house, upkeep_seconds)
        if upkeep is not None:
            upkeep.start()
        yield
        if upkeep is not None:
            await run_in_threadpool(upkeep.stop)

    app = FastAPI(
        title="Mødeklar: reference back end",
        description="Members, meetings, free times and changes of an a-kasse. Instants are UTC.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.house = house
    app.state.service_token = settings.service_token
    install_edge(app, "backend", lambda: _faults(engine), CollectorRegistry())
    _install_refusals(app, house.texts)
    for part in (reads, changes, staff, notices):
        app.include_router(part.router)
    return app


def _install_refusals(app: FastAPI, texts: Texts) -> None:
    """Codes become the error envelope; a busy or lost database is a 503, safe to try again."""

    @app.exception_handler(Refusal)
    async def refused(_request: Request, refusal: Refusal) -> JSONResponse:
        said = texts.refusals[refusal.code]
        if refusal.field:
            said = f"{said} ({refusal.field})"
        return envelope(refusal.status, refusal.code, said)

    others = app.exception_handlers[HTTPException]

    @app.exception_handler(HTTPException)
    async def http_refused(request: Request, error: HTTPException) -> Response:
        if (
            error.status_code == 400
        ):  # a body that is no text at all: the contract's word is invalid
            return await refused(request, Refusal("invalid"))
        found = others(request, error)
        answer = await found if isinstance(found, Awaitable) else found
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(_methods(app, request))
        return answer

    @app.exception_handler(OperationalError)
    async def unavailable(_request: Request, _error: OperationalError) -> JSONResponse:
        return envelope(STATUS["unavailable"], "unavailable", texts.refusals["unavailable"])


def _methods(app: FastAPI, request: Request) -> list[str]:
    """What may be asked at the request's path; every method of ours is a route of its own."""
    routes = [route for route in app.routes if isinstance(route, Route)]
    path = next(one.path for one in routes if one.matches(request.scope)[0] is not Match.NONE)
    return sorted({name for one in routes if one.path == path for name in one.methods or ()})


def _faults(engine: Engine) -> dict[str, str]:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT version_num FROM alembic_version")).one()
    except SQLAlchemyError as error:
        return {"database": type(error).__name__}
    return {}
