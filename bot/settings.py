"""Every setting of every process: `MOEDEKLAR_*` environment variables, read once, typed and checked."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal, Optional

from pydantic import BaseSettings, Field, ValidationError, validator

ROOT = Path(__file__).resolve().parent.parent
"""The project's root: where `config.yml`, `domain.yml`, `data/` and `models/` stand."""

WEAKEST_SECRET = 32
"""Fewest characters of a secret outside development (256 bits when written in hex: 64; in base64: 43)."""

_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?")

_DEVELOPMENT_SECRET = "development-only-{name}-never-for-members"


class SettingsError(Exception):
    """A setting is missing, weak or of the wrong shape; the message says which and what to do."""


class Settings(BaseSettings):
    """Values of the environment. Field `x_y` is read from `MOEDEKLAR_X_Y`; see `docs/settings.md`."""

    env: Literal["development", "production"] = "development"
    home: Path = Field(default=ROOT / "var")
    gateway_port: int = Field(default=8000, ge=1, le=65535)
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    actions_port: int = Field(default=5055, ge=1, le=65535)
    backend_port: int = Field(default=8001, ge=1, le=65535)
    seed: Path = Field(default=ROOT / "data" / "demo" / "members.yml")
    profile: str = "standard"
    now: Optional[str] = None

    token_secret: str = ""
    token_issuer: str = "moedeklar-demo"
    jwks_url: Optional[str] = None
    service_token: str = ""
    rasa_token: str = ""
    public_url: Optional[str] = None
    cors_origins: str = ""

    backend_database: Optional[str] = None
    gateway_database: Optional[str] = None
    rasa_database: Optional[str] = None

    sms_provider: Optional[str] = None
    sms_url: str = "https://gatewayapi.eu"
    sms_token: str = ""
    sms_webhook_secret: str = ""
    sms_sender: str = "Modeklar"
    sms_session_minutes: int = Field(default=240, ge=1, le=7 * 24 * 60)
    sms_code_minutes: int = Field(default=10, ge=1, le=60)
    sms_codes_per_day: int = Field(default=5, ge=1, le=50)
    sms_per_minute: int = Field(default=120, ge=1)
    sms_per_day: int = Field(default=1000, ge=1)

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    shell_member: Optional[str] = None

    class Config:
        env_prefix = "MOEDEKLAR_"

    @validator("cors_origins")
    def _origins(cls, value: str) -> str:
        for origin in filter(None, (part.strip() for part in value.split(","))):
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is no origin; write it as https://www.akasse.dk, without a path"
                )
        return value

    @property
    def allowed_origins(self) -> list[str]:
        """Origins of pages that may use the chat, beside the gateway's own."""
        return [part.strip() for part in self.cors_origins.split(",") if part.strip()]

    @property
    def development(self) -> bool:
        """True where demo log-in, `token`, the SMS simulator and a fixed clock are allowed."""
        return self.env == "development"

    @property
    def gateway_url(self) -> str:
        """Where this machine reaches the gateway."""
        return f"http://127.0.0.1:{self.gateway_port}"

    @property
    def backend_url(self) -> str:
        """Where this machine reaches the back end."""
        return f"http://127.0.0.1:{self.backend_port}"

    @property
    def rasa_url(self) -> str:
        """Where the gateway reaches Rasa: loopback, always."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Where Rasa reaches the action server: loopback, always."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def text_messages(self) -> Optional[str]:
        """The provider of text messages; in development the simulator; else None: there are none."""
        return self.sms_provider or ("simulator" if self.development else None)

    def database_url(self, name: Literal["backend", "gateway", "rasa"]) -> str:
        """SQLAlchemy address of one process's database: as set, else a SQLite file in HOME."""
        set_url: Optional[str] = getattr(self, f"{name}_database")
        return set_url or f"sqlite:///{self.home / f'{name}.db'}"


def read_settings() -> Settings:
    """Read and check the environment afresh. Raises SettingsError."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"MOEDEKLAR_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise SettingsError(f"Settings: {faults}") from error
    settings.home = settings.home.expanduser().resolve()
    for name in ("token_secret", "service_token", "rasa_token", "sms_webhook_secret"):
        if settings.development:
            if not getattr(settings, name):
                setattr(settings, name, _DEVELOPMENT_SECRET.format(name=name))
        else:
            _refuse_weak(settings, name)
    if not settings.development:
        if settings.jwks_url is None:
            raise SettingsError(
                "MOEDEKLAR_JWKS_URL is missing: outside development, members' tokens are signed with "
                "a key pair (RS256 or ES256); the shared-secret algorithm HS256 is refused."
            )
        if settings.now is not None:
            raise SettingsError("MOEDEKLAR_NOW is for development only; unset it.")
        _refuse_unfit_provider(settings)
    return settings


def _refuse_unfit_provider(settings: Settings) -> None:
    if settings.sms_provider is None:
        return
    if settings.sms_provider == "simulator":
        raise SettingsError("MOEDEKLAR_SMS_PROVIDER: the simulator is for development only.")
    if not settings.sms_token:
        raise SettingsError("MOEDEKLAR_SMS_TOKEN is missing: the provider's API token.")
    if not settings.sms_url.startswith("https://"):
        raise SettingsError("MOEDEKLAR_SMS_URL must begin with https:// outside development.")


def _refuse_weak(settings: Settings, name: str) -> None:
    value: str = getattr(settings, name)
    if name == "token_secret" and not value:
        return  # not used outside development: JWKS_URL is
    if name == "sms_webhook_secret" and not value and settings.sms_provider is None:
        return  # without text messages nobody calls
    if len(value) < WEAKEST_SECRET or len(set(value)) < 10 or value.startswith("development-only"):
        raise SettingsError(
            f"MOEDEKLAR_{name.upper()} is missing or weak: give at least {WEAKEST_SECRET} random "
            f"characters, for example from `openssl rand -hex 32`."
        )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once."""
    return read_settings()
