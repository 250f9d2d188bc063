"""Who is writing: the JWT of Min side. The configuration fixes the algorithms, never the token."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import jwt
from jwt import PyJWKClient, PyJWKClientConnectionError

from bot.settings import Settings

AUDIENCE = "moedeklar"
LASTS = timedelta(hours=12)
LONGEST_MEMBER = 100
_REQUIRED = ["exp", "sub", "aud", "iss"]
_KEY_SECONDS = 3


class BadToken(Exception):
    """No token, or not one of ours that is valid now."""


class KeysUnavailable(Exception):
    """The issuer's public keys can't be fetched, so nothing can be said about a token."""


@dataclass(frozen=True)
class Bearer:
    """A proven member, until when (wall clock, UTC)."""

    member: str
    until: datetime


class TokenCheck:
    """Checks members' tokens: HS256 with the shared secret, or the issuer's public keys if set."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.token_issuer
        self._secret = settings.token_secret
        self._keys: PyJWKClient | None = None
        self._algorithms = ["HS256"]
        if settings.jwks_url is not None:
            self._keys = PyJWKClient(settings.jwks_url, timeout=_KEY_SECONDS)
            self._algorithms = ["RS256", "ES256"]

    def check(self, authorization: str | None) -> Bearer:
        """The member of an `Authorization` header. Blocks where keys are fetched.

        Raises BadToken, and KeysUnavailable.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise BadToken("no bearer token")
        try:
            claims = jwt.decode(
                token,
                self._key(token),
                algorithms=self._algorithms,
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": _REQUIRED},
            )
            until = datetime.fromtimestamp(int(claims["exp"]), timezone.utc)
        except PyJWKClientConnectionError as error:
            raise KeysUnavailable from error
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError) as error:
            raise BadToken(type(error).__name__) from None
        member = claims["sub"]
        if not _plain(member):
            raise BadToken("sub")
        return Bearer(member, until)

    def _key(self, token: str) -> jwt.PyJWK | str:
        if self._keys is None:
            return self._secret
        if jwt.get_unverified_header(token).get("alg") not in self._algorithms:
            raise BadToken("algorithm")  # no key is fetched for it
        return self._keys.get_signing_key_from_jwt(token)


def mint_token(settings: Settings, member: str) -> str:
    """A token of the development issuer for one member, good for twelve hours of the wall clock.

    Raises ValueError outside development and where public keys are configured.
    """
    if not settings.development or settings.jwks_url is not None:
        raise ValueError("tokens are minted in development with the shared secret only")
    issued = datetime.now(timezone.utc)
    claims = {
        "sub": member,
        "aud": AUDIENCE,
        "iss": settings.token_issuer,
        "iat": issued,
        "exp": issued + LASTS,
    }
    token: str = jwt.encode(claims, settings.token_secret, algorithm="HS256")
    return token


def _plain(member: object) -> bool:
    """Whether it can be an id: short, and nothing in it that controls anything."""
    return (
        isinstance(member, str)
        and 0 < len(member) <= LONGEST_MEMBER
        and not any(unicodedata.category(char)[0] in "CZ" for char in member)
    )
