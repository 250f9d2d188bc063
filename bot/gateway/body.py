"""Reading a JSON body that comes from outside: bounded, and never an error of ours."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request

LARGEST_BODY = 256 * 1024
"""Bytes. The longest allowed text, every character escaped, takes less than a fifth of it."""


class BodyTooLarge(Exception):
    """More than LARGEST_BODY bytes; the rest is not read."""


class BodyUnreadable(Exception):
    """No JSON object in UTF-8."""


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises BodyTooLarge and BodyUnreadable."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
    try:
        tree = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BodyUnreadable from None
    if not isinstance(tree, dict):
        raise BodyUnreadable
    return tree
