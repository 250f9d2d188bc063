"""What the gateway itself says to members: `data/replies/gateway.yml` as a typed model."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Any

from pydantic import BaseModel, validator

from bot.settings import ROOT
from bot.yaml_source import load_model

PLACEHOLDERS = frozenset({"phone", "name", "limit"})


class GatewayReplies(BaseModel):
    """Danish texts by occasion; `{phone}`, `{name}` and `{limit}` are filled in by `fill`."""

    kept: str
    kept_too: str
    given_up: str
    given_up_summary: str
    claimed: str
    bot_again: str
    empty: str
    too_long: str
    unreadable: str
    one_of: str
    client_id: str
    client_id_reused: str
    unknown_choice: str
    too_many: str
    unauthorized: str
    login_unavailable: str

    class Config:
        extra = "forbid"
        allow_mutation = False

    @validator("*")
    @classmethod
    def _known_placeholders(cls, text: str) -> str:
        try:
            used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError as error:
            raise ValueError(f"a brace is missing or too many: {error}") from error
        if not used <= PLACEHOLDERS:
            raise ValueError(
                f"unknown placeholder {', '.join(sorted(used - PLACEHOLDERS))}; "
                f"allowed: {', '.join(sorted(PLACEHOLDERS))}"
            )
        return text

    def fill(self, occasion: str, **values: Any) -> str:
        """The text of an occasion with its placeholders filled in."""
        text: str = getattr(self, occasion)
        return text.format_map({name: values.get(name, "") for name in PLACEHOLDERS})


def load_replies(path: Path = ROOT / "data" / "replies" / "gateway.yml") -> GatewayReplies:
    """Read and check the file. Raises SourceError."""
    return load_model(path, GatewayReplies)
