"""How a call to the back end is made: headers, tries, deadline, and what an answer means."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Optional, Type, TypeVar

import requests
from pydantic import ValidationError, parse_obj_as
from requests.adapters import HTTPAdapter
from tenacity import Retrying, retry_if_exception_type, stop_before_delay, wait_random_exponential

from bot.backend.contract import Channel, ErrorEnvelope, Wire
from bot.backend.failures import BackendRefusal, BackendUnavailable

DEADLINE_SECONDS = 6.0
"""How long one call may take, all its tries together."""

_AGAIN = frozenset({502, 503, 504})
_SHORTEST_TRY_SECONDS = 0.05

T = TypeVar("T")
C = TypeVar("C", bound="Calls")


class _Again(Exception):
    """A try that failed in a way that may pass; `sent`: it may have reached the back end."""

    def __init__(self, what: str, *, sent: bool) -> None:
        super().__init__(what)
        self.sent = sent


class Calls:
    """Calls to one back end by one caller; connections are shared with those of `acting`."""

    def __init__(
        self,
        base_url: str,
        token: str,
        actor: str = "system",
        channel: Channel = "min_side",
        *,
        connect_seconds: float = 1.0,
        read_seconds: float = 3.0,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._base, self._token = base_url.rstrip("/"), token
        self.actor, self.channel = actor, channel
        self._connect, self._read, self._deadline = connect_seconds, read_seconds, deadline_seconds
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc would replace our token, a proxy our peer
        self._session.mount("http://", HTTPAdapter(pool_maxsize=32))
        self._session.mount("https://", HTTPAdapter(pool_maxsize=32))

    def acting(self: C, actor: str, channel: Channel) -> C:
        """The same back end and connections, asked by somebody else."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.actor, other.channel = actor, channel
        return other

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def _get(self, shape: Type[T], path: str, query: Optional[Mapping[str, str]] = None) -> T:
        return parsed(shape, self._call("GET", path, query=query), maybe_done=False)

    def _post(self, shape: Type[T], path: str, body: Wire, key: str) -> T:
        return parsed(shape, self._call("POST", path, body=body, key=key), maybe_done=True)

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, str]] = None,
        body: Optional[Wire] = None,
        key: Optional[str] = None,
    ) -> requests.Response:
        """The answer, which is a 200. A change without a sure answer is `maybe_done` when raised."""
        headers = {"Authorization": f"Bearer {self._token}"}
        if key is not None:
            headers |= {
                "X-Actor": self.actor, "X-Channel": self.channel, "Idempotency-Key": key,
            }  # fmt: skip
        data = None
        if body is not None:
            data = body.json(exclude_none=True).encode("utf-8")
            headers["Content-Type"] = "application/json"
        request = requests.Request(
            method, self._base + path, headers=headers, params=query, data=data
        )
        ends = time.monotonic() + self._deadline
        sent: list[bool] = []
        try:
            for attempt in Retrying(
                stop=stop_before_delay(self._deadline),
                wait=wait_random_exponential(multiplier=0.1, max=1.0),
                retry=retry_if_exception_type(_Again),
                reraise=True,
            ):
                with attempt:
                    try:
                        return self._try(request, ends, change=key is not None)
                    except _Again as error:
                        sent.append(error.sent)
                        raise
        except _Again as error:
            done = key is not None and any(sent)
            raise BackendUnavailable(str(error), maybe_done=done) from error
        raise AssertionError("tenacity returns or raises")

    def _try(self, request: requests.Request, ends: float, *, change: bool) -> requests.Response:
        left = max(ends - time.monotonic(), _SHORTEST_TRY_SECONDS)
        try:
            response = self._session.send(
                self._session.prepare_request(request),
                timeout=(min(self._connect, left), min(self._read, left)),
                allow_redirects=False,
            )
        except requests.exceptions.ConnectTimeout as error:
            raise _Again("connecting took too long", sent=False) from error
        except requests.exceptions.RequestException as error:
            raise _Again(type(error).__name__, sent=not _never_sent(error)) from error
        if response.status_code in _AGAIN:
            raise _Again(f"answered {response.status_code}", sent=True)
        return _answer(response, change=change)


def _answer(response: requests.Response, *, change: bool) -> requests.Response:
    """A 200; a refusal of the contract, or what no back end of ours would say, raises."""
    if response.status_code == 401:
        raise BackendUnavailable("it refuses our service token", maybe_done=False)
    if 400 <= response.status_code < 500:
        try:
            said = ErrorEnvelope.parse_obj(response.json()).error
        except (ValueError, ValidationError) as error:
            what = f"answered {response.status_code} without an error of the contract"
            raise BackendUnavailable(what, maybe_done=change) from error
        raise BackendRefusal(said.code, said.message, response.status_code)
    if response.status_code != 200:
        raise BackendUnavailable(f"answered {response.status_code}", maybe_done=change)
    return response


def _never_sent(error: requests.exceptions.RequestException) -> bool:
    """True where no connection was made, so that the back end can't have acted."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return type(cause).__name__ == "NewConnectionError"


def parsed(shape: Type[T], answer: requests.Response, *, maybe_done: bool) -> T:
    """What the answer says, in that shape. Raises BackendUnavailable for another one."""
    try:
        said = answer.json()
    except ValueError as error:
        raise BackendUnavailable("answered no JSON", maybe_done=maybe_done) from error
    try:
        return parse_obj_as(shape, said)
    except ValidationError as error:
        what = f"answered another shape than {getattr(shape, '__name__', shape)}"
        raise BackendUnavailable(what, maybe_done=maybe_done) from error
