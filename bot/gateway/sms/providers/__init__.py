"""The providers of text messages, a file each: `make(surroundings)` makes one."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from bot.gateway.sms.ports import Provider, Surroundings


def providers(around: Surroundings) -> dict[str, Provider]:
    """Every provider that has a place here, by name: all of them may call us, one of them sends."""
    made = (
        import_module(f"{__name__}.{found.name}").make(around)
        for found in pkgutil.iter_modules(__path__)
    )
    return {provider.name: provider for provider in made if provider is not None}
