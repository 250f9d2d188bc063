"""Text messages, put together for the gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Optional

from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine

from bot.clock import Clock
from bot.gateway.hub import Hub
from bot.gateway.ports import MemberDirectory
from bot.gateway.replies import GatewayReplies
from bot.gateway.sms.asking import Asking
from bot.gateway.sms.carrier import Carrier
from bot.gateway.sms.codes import CodeRules
from bot.gateway.sms.inbox import Limits
from bot.gateway.sms.notices import Notices
from bot.gateway.sms.ports import Provider, Surroundings
from bot.gateway.sms.providers import providers
from bot.gateway.sms.providers.simulator import Simulator
from bot.gateway.sms.routes import webhook_routes
from bot.gateway.sms.simulator_routes import simulator_routes
from bot.gateway.sms.unproven import Unproven
from bot.gateway.sms.words import Words, sms_replies
from bot.gateway.sms.working import Work
from bot.profile import Profile
from bot.settings import Settings, SettingsError


@dataclass(frozen=True)
class TextMessages:
    """What the gateway has for text messages."""

    carrier: Carrier
    routes: tuple[APIRouter, ...]


def asking(settings: Settings, profile: Profile) -> Asking:
    """How phones are asked who holds them."""
    rules = CodeRules(
        lasts=timedelta(minutes=settings.sms_code_minutes),
        per_day=settings.sms_codes_per_day,
        session=timedelta(minutes=settings.sms_session_minutes),
    )
    return Asking(rules, Words(sms_replies(), profile))


def unproven(settings: Settings, profile: Profile, directory: MemberDirectory) -> Unproven:
    """The answer to what is personal, on a phone that nobody has proven to hold."""
    return Unproven(asking(settings, profile), directory)


def text_messages(
    *,
    engine: Engine,
    clock: Clock,
    wall: Clock,
    hub: Hub,
    settings: Settings,
    profile: Profile,
    replies: GatewayReplies,
    notices: Optional[Notices],
    wake_turns: Callable[[str], None],
    registry: CollectorRegistry,
) -> TextMessages:
    """Carrier and routes. Raises SettingsError for a provider that there is not."""
    known = providers(Surroundings(settings, engine, clock, wall))
    carries: Optional[Provider] = None
    if settings.text_messages is not None:
        carries = known.get(settings.text_messages)
        if carries is None:
            raise SettingsError(
                f"MOEDEKLAR_SMS_PROVIDER: {settings.text_messages!r} is none; "
                f"it may be: {', '.join(sorted(known))}"
            )
    asks = asking(settings, profile)
    carrier = Carrier(
        engine,
        clock,
        wall,
        hub,
        Work(asks, asks.words),
        asks.words,
        carries,
        notices,
        profile.notices,
        Limits(settings.sms_per_minute, settings.sms_per_day),
        wake_turns,
        registry,
    )
    routes = [webhook_routes(known.values(), carrier, replies)]
    for provider in known.values():
        if isinstance(provider, Simulator):
            routes.append(simulator_routes(provider, replies))
    return TextMessages(carrier, tuple(routes))
