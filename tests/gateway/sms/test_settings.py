"""What the settings of text messages refuse outside development, and which provider carries them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import OffsetClock
from bot.database import make_engine
from bot.gateway.sms.ports import Surroundings
from bot.gateway.sms.providers import providers
from bot.settings import Settings, SettingsError, read_settings

STRONG = "abcdefghijklmnopqrstuvwxyz0123456789"
PRODUCTION = {
    "ENV": "production", "JWKS_URL": "https://login.example/keys", "SERVICE_TOKEN": STRONG,
    "RASA_TOKEN": STRONG, "SMS_PROVIDER": "gatewayapi", "SMS_TOKEN": "given-by-the-provider",
    "SMS_WEBHOOK_SECRET": STRONG, "SMS_SENDER": "451204",
}  # fmt: skip


def read(monkeypatch: pytest.MonkeyPatch, **changed: str) -> Settings:
    for name, value in {**PRODUCTION, **changed}.items():
        monkeypatch.setenv(f"MOEDEKLAR_{name}", value)
    return read_settings()


def test_a_whole_production_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).text_messages == "gatewayapi"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SMS_WEBHOOK_SECRET": ""}, "SMS_WEBHOOK_SECRET"),
        ({"SMS_WEBHOOK_SECRET": "kort"}, "SMS_WEBHOOK_SECRET"),
        ({"SMS_WEBHOOK_SECRET": "a" * 40}, "SMS_WEBHOOK_SECRET"),
        ({"SMS_TOKEN": ""}, "SMS_TOKEN"),
        ({"SMS_PROVIDER": "simulator"}, "development only"),
        ({"SMS_URL": "http://gatewayapi.eu"}, "https"),
        ({"SMS_SESSION_MINUTES": "0"}, "SMS_SESSION_MINUTES"),
    ],
)
def test_what_production_refuses(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        read(monkeypatch, **changed)


def test_without_a_provider_production_has_no_text_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SMS_PROVIDER", "SMS_TOKEN", "SMS_WEBHOOK_SECRET"):
        monkeypatch.delenv(f"MOEDEKLAR_{name}", raising=False)
    wanted = {name: value for name, value in PRODUCTION.items() if not name.startswith("SMS_")}
    for name, value in wanted.items():
        monkeypatch.setenv(f"MOEDEKLAR_{name}", value)
    assert read_settings().text_messages is None


def test_the_simulator_is_there_in_development_alone(tmp_path: Path) -> None:
    engine, clock = make_engine(f"sqlite:///{tmp_path / 'x.db'}"), OffsetClock()

    def names(env: str) -> set[str]:
        settings = Settings(env=env, sms_webhook_secret=STRONG)
        return set(providers(Surroundings(settings, engine, clock, clock)))

    assert names("development") == {"gatewayapi", "simulator"}
    assert names("production") == {"gatewayapi"}
    assert Settings().text_messages == "simulator"
