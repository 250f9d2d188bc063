"""The gateway, put together."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Optional

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock, OffsetClock
from bot.database import migrate, reading
from bot.desk.case_routes import case_routes
from bot.desk.guard import Desk
from bot.desk.login_routes import login_routes
from bot.desk.pages import desk_pages
from bot.gateway.chat import Chat, chat_routes
from bot.gateway.demo import demo_routes
from bot.gateway.door import Door
from bot.gateway.headers import SecurityHeaders
from bot.gateway.hub import Hub
from bot.gateway.limits import RateLimit
from bot.gateway.membership import Membership
from bot.gateway.ports import DemoMembers, MemberDirectory, Rasa
from bot.gateway.replies import GatewayReplies, load_replies
from bot.gateway.tokens import TokenCheck
from bot.gateway.turns import Told
from bot.gateway.worker import Worker
from bot.profile import Profile
from bot.settings import Settings
from bot.web import install_edge

HERE = Path(__file__).parent
MIGRATIONS = HERE / "migrations"


def create_app(
    *,
    engine: Engine,
    clock: Clock,
    settings: Settings,
    profile: Profile,
    rasa: Rasa,
    directory: MemberDirectory,
    demo_members: DemoMembers,
    wall: Optional[Clock] = None,
    replies: Optional[GatewayReplies] = None,
    deadline_seconds: float = 12.0,
    messages_per_minute: int = 120,
    registry: Optional[CollectorRegistry] = None,
) -> FastAPI:
    """The app. Its lifespan migrates the database, and starts and stops the worker.

    `clock` is the domain clock, `wall` the wall clock. `deadline_seconds` is how long a member's
    request waits for its answer; Rasa's read time-out lies below it.
    """
    wall = wall or OffsetClock()
    replies = replies or load_replies()
    hub = Hub()
    phone = profile.support.phone
    told = Told(
        kept=replies.fill("kept", phone=phone),
        kept_too=replies.fill("kept_too", phone=phone),
        given_up=replies.fill("given_up", phone=phone),
        summary=replies.given_up_summary,
    )
    worker = Worker(engine, rasa, hub, clock, wall, told)
    stopping = threading.Event()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        migrate(engine, MIGRATIONS)
        worker.start()
        yield
        stopping.set()
        worker.stop()

    app = FastAPI(title="Mødeklar, gateway", lifespan=lifespan, docs_url=None, redoc_url=None)
    install_edge(app, "gateway", lambda: _faults(engine, worker), registry or CollectorRegistry())
    app.include_router(
        chat_routes(
            Chat(
                engine=engine,
                hub=hub,
                worker=worker,
                clock=clock,
                wall=wall,
                door=Door(TokenCheck(settings), Membership(directory), replies),
                limit=RateLimit(messages_per_minute),
                replies=replies,
                deadline_seconds=deadline_seconds,
                stopping=stopping.is_set,
            )
        )
    )
    desk = Desk(engine, hub, clock, wall, replies, secure_cookies=not settings.development)
    for routes in (login_routes(desk), case_routes(desk), desk_pages(desk)):
        app.include_router(routes)
    if settings.development:
        app.include_router(demo_routes(settings, demo_members))
    app.mount("/static/desk", StaticFiles(directory=HERE.parent / "desk" / "static"))
    app.mount("/static/chat", StaticFiles(directory=HERE / "static"))
    origins = [origin.strip() for origin in settings.cors_origins.split(",") if origin.strip()]
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        )
    app.add_middleware(SecurityHeaders)
    return app


def _faults(engine: Engine, worker: Worker) -> dict[str, str]:
    """What keeps the gateway from taking messages. Rasa being down does not: they are kept."""
    faults = {}
    try:
        with reading(engine) as session:
            session.execute(text("SELECT 1 FROM conversations LIMIT 1"))
    except SQLAlchemyError as error:
        faults["database"] = type(error).__name__
    if not worker.alive():
        faults["worker"] = "not running"
    return faults
