"""What the two FastAPI edges (gateway and back end) share: error envelope, health, metrics."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from pydantic import BaseModel, validator
from starlette.exceptions import HTTPException

from bot.settings import ROOT
from bot.yaml_source import load_model

log = logging.getLogger(__name__)

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "too_many",
}

TEXTS = ROOT / "data" / "replies" / "http.yml"


class ErrorTexts(BaseModel):
    """The Danish sentences for errors, by code; `other` for a code without one."""

    errors: dict[str, str]

    class Config:
        extra = "forbid"

    @validator("errors")
    def _all_there(cls, errors: dict[str, str]) -> dict[str, str]:
        missing = {*_CODES.values(), "invalid", "internal", "other"} - set(errors)
        if missing:
            raise ValueError(f"a sentence is missing for {', '.join(sorted(missing))}")
        return errors


class ApiError(Exception):
    """A refusal with a code to act on and a Danish sentence; the edge makes the envelope of it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.message = status, code, message


def envelope(status: int, code: str, message: str) -> JSONResponse:
    """`{"error": {"code", "message"}}` with that HTTP status."""
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def install_edge(
    app: FastAPI, process: str, ready: Callable[[], dict[str, str]], registry: CollectorRegistry
) -> None:
    """Give an app its error envelope, `/healthz`, `/readyz` and `/metrics`.

    `ready` returns a fault a dependency (empty: ready). Metrics carry route patterns, never paths.
    Raises SourceError where the error texts are faulty.
    """
    texts = load_model(TEXTS, ErrorTexts).errors
    seconds = Histogram(
        "moedeklar_http_seconds", "Seconds a request took", ["process", "method", "route"],
        registry=registry,
    )  # fmt: skip
    answers = Counter(
        "moedeklar_http_answers", "Answers by status", ["process", "route", "status"],
        registry=registry,
    )  # fmt: skip

    @app.middleware("http")
    async def measure(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        begun = time.perf_counter()
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "none")
        seconds.labels(process, request.method, route).observe(time.perf_counter() - begun)
        answers.labels(process, route, str(response.status_code)).inc()
        return response

    @app.exception_handler(ApiError)
    async def refused(_request: Request, error: ApiError) -> JSONResponse:
        return envelope(error.status, error.code, error.message)

    @app.exception_handler(HTTPException)
    async def http_refused(_request: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, "other")
        answer = envelope(error.status_code, code, texts[code])
        answer.headers.update(error.headers or {})  # Allow of a 405
        return answer

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        places = ", ".join(
            ".".join(str(part) for part in fault["loc"] if part != "body")
            for fault in error.errors()
        )
        return envelope(422, "invalid", texts["invalid"].format(fields=places))

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        route = getattr(request.scope.get("route"), "path", "none")
        log.error("unexpected %s in %s %s", type(error).__name__, request.method, route)
        return envelope(500, "internal", texts["internal"])

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        faults = ready()
        body = {"status": "ok"} if not faults else {"status": "not_ready", "faults": faults}
        return JSONResponse(body, status_code=200 if not faults else 503)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
