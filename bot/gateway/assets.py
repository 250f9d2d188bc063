"""The chat's scripts and styles as files: compressed, and always asked for anew by their ETag."""

from __future__ import annotations

from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import Scope


class Assets(StaticFiles):
    """Files of one folder. A browser keeps them, and asks each time whether they have changed:
    so the modules of one page are always of one version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304 where the browser has it."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def assets(folder: Path) -> GZipMiddleware:
    """To be mounted."""
    return GZipMiddleware(Assets(directory=folder), minimum_size=500)
