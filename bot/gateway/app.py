"""The gateway, put together."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Optional

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.backend.client import BackendClient
from bot.clock import Clock, OffsetClock
from bot.database import migrate, reading
from bot.desk.directory import Directory
from bot.desk.guard import Desk
from bot.desk.routes import desk_routes
from bot.desk.upkeep import Upkeep
from bot.desk.waiting import Waiting
from bot.desk.words import desk_words
from bot.gateway.assets import assets
from bot.gateway.attachment_routes import attachment_routes
from bot.gateway.chat import Chat, chat_routes
from bot.gateway.demo import demo_routes
from bot.gateway.door import Door
from bot.gateway.first_contact import first_contact_routes
from bot.gateway.headers import SecurityHeaders
from bot.gateway.hub import Hub
from bot.gateway.limits import RateLimit
from bot.gateway.membership import Membership
from bot.gateway.min_side import next_of, side_routes
from bot.gateway.own_records import NoRecords
from bot.gateway.ports import DemoMembers, MemberDirectory, Rasa
from bot.gateway.replies import GatewayReplies, load_replies
from bot.gateway.side_texts import side_texts
from bot.gateway.sms.carrier import Carrier
from bot.gateway.sms.house import text_messages, unproven
from bot.gateway.sms.notices import Notices
from bot.gateway.sms.routes import undelivered_routes
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
    backend: Optional[BackendClient] = None,
    notices: Optional[Notices] = None,
    wall: Optional[Clock] = None,
    replies: Optional[GatewayReplies] = None,
    deadline_seconds: float = 12.0,
    messages_per_minute: int = 120,
    requests_per_minute: int = 3000,
    registry: Optional[CollectorRegistry] = None,
) -> FastAPI:
    """The app. Its lifespan migrates the database, and starts and stops the worker.

    `clock` is the domain clock, `wall` the wall clock. `deadline_seconds` is how long a member's
    request waits for its answer; Rasa's read time-out lies below it. Without `backend` the desk shows
    conversations, but nothing of the members' records. `messages_per_minute` are a member's,
    `requests_per_minute` those of one network address (a whole office may share it).
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
        waiting=Waiting(profile, desk_words()),
    )
    asks = unproven(settings, profile, directory)
    worker = Worker(engine, rasa, hub, clock, wall, told, asks)
    registry = registry or CollectorRegistry()
    sms = text_messages(
        engine=engine,
        clock=clock,
        wall=wall,
        hub=hub,
        settings=settings,
        profile=profile,
        replies=replies,
        notices=notices,
        wake_turns=worker.wake,
        registry=registry,
    )
    upkeep = Upkeep(engine, clock, profile.desk.keep)
    stopping = threading.Event()
    texts, records = side_texts(), backend or NoRecords()
    door = Door(TokenCheck(settings), Membership(directory), replies)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        migrate(engine, MIGRATIONS)
        worker.start()
        sms.carrier.start()
        upkeep.start()
        yield
        stopping.set()
        upkeep.stop()
        sms.carrier.stop()
        worker.stop()

    app = FastAPI(title="Mødeklar, gateway", lifespan=lifespan, docs_url=None, redoc_url=None)
    install_edge(app, "gateway", lambda: _faults(engine, worker, sms.carrier), registry)
    app.include_router(
        chat_routes(
            Chat(
                engine=engine,
                hub=hub,
                worker=worker,
                clock=clock,
                wall=wall,
                door=door,
                limit=RateLimit(messages_per_minute),
                addresses=RateLimit(requests_per_minute),
                replies=replies,
                deadline_seconds=deadline_seconds,
                stopping=stopping.is_set,
            )
        )
    )
    desk = Desk(
        engine=engine,
        hub=hub,
        clock=clock,
        wall=wall,
        replies=replies,
        profile=profile,
        words=desk_words(),
        backend=backend,
        directory=Directory(engine, backend, clock),
        secure_cookies=not settings.development,
    )
    for routes in desk_routes(desk):
        app.include_router(routes)
    app.include_router(first_contact_routes(records, door, profile, texts, clock))
    app.include_router(attachment_routes(engine, door, records, texts.errors))
    for routes in (*sms.routes, undelivered_routes(desk)):
        app.include_router(routes)
    if settings.development:
        app.mount("/static/sms", StaticFiles(directory=HERE / "sms" / "static"))
        app.include_router(
            demo_routes(settings, demo_members, partial(next_of, records, profile, texts, clock))
        )
        app.include_router(side_routes(records, door, profile, texts, clock))
    app.mount("/static/desk", StaticFiles(directory=HERE.parent / "desk" / "static"))
    app.mount("/static/chat", assets(HERE / "static"))
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        )
    app.add_middleware(SecurityHeaders)
    return app


def _faults(engine: Engine, worker: Worker, carrier: Carrier) -> dict[str, str]:
    """What keeps the gateway from taking messages. Rasa being down does not: they are kept."""
    faults = {}
    try:
        with reading(engine) as session:
            session.execute(text("SELECT 1 FROM conversations LIMIT 1"))
    except SQLAlchemyError as error:
        faults["database"] = type(error).__name__
    if not worker.alive():
        faults["worker"] = "not running"
    if not carrier.alive():
        faults["text messages"] = "not running"
    return faults
