"""GatewayAPI (gatewayapi.com, gatewayapi.eu): REST out, signed JSON webhooks in.

Of a webhook only the JWT in `X-Gwapi-Signature` (HS256, our shared secret) is believed: it carries
the payload, so the body is not read. Incoming: `id, msisdn, receiver, message, senttime,
webhook_label` and more; delivery report: `id, msisdn, time, status, error, code, userref`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, Union

import jwt
import requests
from pydantic import BaseModel, ValidationError
from requests.adapters import HTTPAdapter

from bot.gateway.sms.numbers import phone_number
from bot.gateway.sms.ports import (
    Event,
    NotNow,
    NotSigned,
    Received,
    Refused,
    Report,
    Status,
    Surroundings,
    TextMessage,
    Unreadable,
    Unsure,
)

SIGNATURE = "x-gwapi-signature"
TIMES = (3.05, 10.0)
"""Seconds to connect and to wait for the answer; together well below the outbox's lease."""
OUR_FAULT_SECONDS = 60.0
"""A refused token or an empty account is mended by people, not by hurry."""
LONGEST_WAIT = 900.0

_STATUS: Mapping[str, Status] = {
    "DELIVERED": "delivered",
    "UNDELIVERABLE": "failed", "EXPIRED": "failed", "DELETED": "failed", "REJECTED": "failed",
    "SKIPPED": "failed",
    "SCHEDULED": "sent", "BUFFERED": "sent", "ENROUTE": "sent", "ACCEPTED": "sent",
    "UNKNOWN": "sent",
}  # fmt: skip


class _Incoming(BaseModel):
    id: Union[int, str]
    msisdn: Union[int, str]
    message: Optional[str] = None


class _Delivery(BaseModel):
    id: Union[int, str]
    status: str
    userref: Optional[str] = None
    error: Optional[str] = None
    code: Optional[str] = None


class GatewayApi:
    """See `bot.gateway.sms.ports.Provider`. Threads may share it."""

    name = "gatewayapi"
    acknowledged = 200

    def __init__(
        self,
        url: str,
        token: str,
        secret: str,
        sender: str,
        times: tuple[float, float] = TIMES,
    ) -> None:
        self._url, self._secret, self._sender, self._times = url, secret, sender, times
        self._http = requests.Session()
        self._http.auth = (token, "")
        self._http.mount("https://", HTTPAdapter(pool_maxsize=8))

    def send(self, message: TextMessage) -> str:
        """`POST /rest/mtsms`. Raises NotNow, Refused, Unsure."""
        body = {
            "sender": self._sender,
            "message": message.text,
            "recipients": [{"msisdn": int(message.phone[1:])}],
            "userref": message.ref,
        }
        try:
            answer = self._http.post(
                f"{self._url.rstrip('/')}/rest/mtsms",
                json=body,
                timeout=self._times,
                allow_redirects=False,
            )
        except requests.ConnectTimeout as error:
            raise NotNow(type(error).__name__) from None
        except requests.RequestException as error:
            if _never_sent(error):
                raise NotNow(type(error).__name__) from None
            raise Unsure(type(error).__name__) from None
        return _taken(answer)

    def read(self, headers: Mapping[str, str], _body: bytes) -> Optional[Event]:
        """A message or a delivery report. Raises NotSigned, Unreadable."""
        token = headers.get(SIGNATURE)
        if not token or not self._secret:
            raise NotSigned("no signature")
        try:
            payload = jwt.decode(
                token, self._secret, algorithms=["HS256"], options={"verify_aud": False}
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise NotSigned(type(error).__name__) from None
        try:
            return _delivery(payload) if "status" in payload else _incoming(payload)
        except ValidationError as error:
            places = ", ".join(str(fault["loc"][0]) for fault in error.errors())
            raise Unreadable(places) from None

    def collect(self) -> list[Event]:
        """Nothing: it calls us."""
        return []


def make(around: Surroundings) -> GatewayApi:
    """With the settings' account."""
    own = around.settings
    return GatewayApi(own.sms_url, own.sms_token, own.sms_webhook_secret, own.sms_sender)


def _incoming(payload: dict[str, Any]) -> Optional[Received]:
    found = _Incoming.parse_obj(payload)
    try:
        phone = phone_number(found.msisdn)
    except ValueError:
        return None  # a name or a short code: nobody there whom we could answer
    return Received(str(found.id)[:100], phone, found.message or "")


def _delivery(payload: dict[str, Any]) -> Optional[Report]:
    found = _Delivery.parse_obj(payload)
    status = _STATUS.get(found.status.upper())
    if status is None or not found.userref:
        return None
    detail = " ".join(part for part in (found.status, found.code, found.error) if part)
    return Report(found.userref, str(found.id), status, detail)


def _taken(answer: requests.Response) -> str:
    """The id of a message that was taken, or why it was not."""
    status = answer.status_code
    if status in (200, 201):
        try:
            return str(answer.json()["ids"][0])
        except (ValueError, LookupError, TypeError):
            return ""  # taken all the same; the report carries the id
    if status in (401, 402, 403):
        raise NotNow(f"status {status}", OUR_FAULT_SECONDS)
    if status == 429 or status == 408:
        raise NotNow(f"status {status}", _seconds(answer.headers.get("Retry-After")))
    if status in (502, 504):
        raise Unsure(f"status {status}")  # from something between us, which may have passed it on
    if status >= 500:
        raise NotNow(f"status {status}")
    raise Refused(f"status {status} {_code(answer)}".strip())


def _code(answer: requests.Response) -> str:
    """The provider's own error code, which says what is wrong without quoting anything."""
    try:
        code = answer.json()["code"]
    except (ValueError, LookupError, TypeError):
        return ""
    return str(code)[:20]


def _seconds(after: Optional[str]) -> float:
    digits = after is not None and after.isascii() and after.isdigit()
    return min(float(after or 0), LONGEST_WAIT) if digits else 0.0


def _never_sent(error: requests.RequestException) -> bool:
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return type(cause).__name__ in ("NewConnectionError", "NameResolutionError")
