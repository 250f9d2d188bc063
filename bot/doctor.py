"""`moedeklar doctor`: is everything here and healthy, and what to do if not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import requests

from bot.desk.words import desk_words
from bot.dialogue.wording import wording
from bot.profile import load_profile
from bot.settings import Settings
from bot.training import ModelError, fitting_model
from bot.yaml_source import SourceError

Finding = tuple[bool, str, str]
"""Well or not, what was looked at, and what to do (empty where it is well)."""


def examine(settings: Settings, say: Callable[[str], None]) -> int:
    """Look at everything, say a line each. The exit code: 0 all well, 1 something is not."""
    findings = [*_standing(settings), *_running(settings)]
    for well, what, mend in findings:
        say(f"{'ok   ' if well else 'FAULT'} {what}" + (f"\n      -> {mend}" if not well else ""))
    return 0 if all(well for well, _, _ in findings) else 1


def _standing(settings: Settings) -> Iterator[Finding]:
    version = sys.version_info
    yield (
        version[:2] == (3, 10),
        f"Python {version[0]}.{version[1]}",
        "run make setup: Rasa needs 3.10",
    )
    try:
        import da_core_news_sm

        yield True, f"da_core_news_sm {da_core_news_sm.__version__}", ""
    except ImportError:
        yield False, "da_core_news_sm is not installed", "run make setup"
    try:
        yield True, f"model {fitting_model().name}", ""
    except ModelError as fault:
        yield False, "model", str(fault)
    try:
        own = load_profile(settings.profile)
        wording(settings.profile)
        desk_words()
        yield (
            True,
            f"profile {own.id}, valid from {own.valid_from}; answers and replies readable",
            "",
        )
    except SourceError as fault:
        yield False, "data files", str(fault)
    home = settings.home
    yield home.is_dir() or not home.exists(), f"home {home}", "MOEDEKLAR_HOME is no folder"


def _running(settings: Settings) -> Iterator[Finding]:
    addresses = {
        "backend": f"{settings.backend_url}/readyz",
        "actions": f"{settings.actions_url}/health",
        "rasa": f"{settings.rasa_url}/webhooks/gateway/",
        "gateway": f"{settings.gateway_url}/readyz",
    }
    for name, address in addresses.items():
        log = settings.home / "logs" / f"{name}.log"
        mend = f"start it with make up; its log is {log}"
        try:
            answer = requests.get(address, timeout=3)
            well = answer.ok
            yield (
                well,
                f"{name} answers {answer.status_code} at {address}",
                f"{answer.text[:200]}; {mend}",
            )
        except requests.RequestException as error:
            yield False, f"{name} does not answer ({type(error).__name__})", mend
