"""Who is let in: every wrong token is a 401 in the envelope, and nothing is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Optional

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.gateway.tables import conversations
from bot.gateway.tokens import BadToken, KeysUnavailable, TokenCheck, mint_token
from bot.settings import Settings
from tests.gateway.house import SECRET, House

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FOREIGN_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
PUBLIC_PEM = RSA.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def claims(**changed: Any) -> dict[str, Any]:
    good = {
        "sub": "m-token",
        "aud": "moedeklar",
        "iss": "moedeklar-demo",
        "exp": datetime.now(timezone.utc) + timedelta(minutes=5),
    }
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def signed(key: Any = SECRET, algorithm: str = "HS256", kid: str = "", **changed: Any) -> str:
    headers = {"kid": kid} if kid else None
    return jwt.encode(claims(**changed), key, algorithm=algorithm, headers=headers)


def confused() -> str:
    """HS256 with the public key's text as the secret, made by hand as an attacker would."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    expires = int(claims()["exp"].timestamp())
    body = f"{part(json.dumps({'alg': 'HS256', 'typ': 'JWT', 'kid': 'r'}).encode())}." + part(
        json.dumps(claims(exp=expires)).encode()
    )
    return f"{body}.{part(hmac.new(PUBLIC_PEM, body.encode(), hashlib.sha256).digest())}"


PAST = datetime.now(timezone.utc) - timedelta(minutes=5)
BAD = {
    "none at all": None,
    "not a bearer": "Basic bTpt",
    "empty": "Bearer ",
    "rubbish": "Bearer rubbish",
    "expired": f"Bearer {signed(exp=PAST)}",
    "without exp": f"Bearer {signed(exp=None)}",
    "without sub": f"Bearer {signed(sub=None)}",
    "empty sub": f"Bearer {signed(sub='')}",
    "sub with a line break": f"Bearer {signed(sub='m1' + chr(10))}",
    "very long sub": f"Bearer {signed(sub='m' * 500)}",
    "wrong audience": f"Bearer {signed(aud='other')}",
    "without audience": f"Bearer {signed(aud=None)}",
    "wrong issuer": f"Bearer {signed(iss='other')}",
    "foreign key": f"Bearer {signed('another-secret-that-is-long-enough-000')}",
    "other algorithm": f"Bearer {signed(SECRET + SECRET, 'HS512')}",
    "alg none": f"Bearer {jwt.encode(claims(), None, algorithm='none')}",
    "own RS256": f"Bearer {signed(RSA, 'RS256')}",
    "huge exp": f"Bearer {signed(exp=10**30)}",
}


@pytest.mark.parametrize("header", BAD.values(), ids=BAD.keys())
def test_a_wrong_token_is_401_and_stores_nothing(house: House, header: Optional[str]) -> None:
    headers = {} if header is None else {"Authorization": header}
    for answer in (
        requests.post(
            f"{house.url}/api/chat/messages", data=b"not even json", headers=headers, timeout=5
        ),
        requests.get(f"{house.url}/api/chat/messages", headers=headers, timeout=5),
        requests.get(f"{house.url}/api/chat/events", headers=headers, timeout=5),
    ):
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unauthorized"
    assert not house.rows(conversations, conversations.c.member == "m-token")


def test_an_unknown_member_is_401_and_stores_nothing(house: House) -> None:
    stranger = house.member("m-stranger")
    house.records.strangers.add("m-stranger")
    answer = stranger.post(text="hej")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert not house.rows(conversations, conversations.c.member == "m-stranger")


def test_while_the_records_are_down_the_token_counts(house: House) -> None:
    house.records.down = True
    assert house.member().say("hej")["messages"][0]["text"] == "Svar på: hej"


@pytest.fixture(scope="module")
def keys() -> Iterator[str]:
    """The address of an issuer's key set."""
    known = []
    for kid, key in (("r", RSA), ("e", EC)):
        algorithm = jwt.get_algorithm_by_name("RS256" if kid == "r" else "ES256")
        known.append({**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"})

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": known}).encode())

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/keys"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(RSA, "RS256", "r"), (EC, "ES256", "e")])
def test_public_keys_let_in(keys: str, key: Any, algorithm: str, kid: str) -> None:
    check = TokenCheck(Settings(jwks_url=keys, token_secret=SECRET))
    assert check.check(f"Bearer {signed(key, algorithm, kid)}").member == "m-token"


@pytest.mark.parametrize(
    "token",
    [
        signed(),
        signed(kid="r"),
        confused(),
        signed(FOREIGN_RSA, "RS256", "r"),
        signed(RSA, "RS256", "unknown"),
        signed(RSA, "RS256"),
        signed(RSA, "RS256", "e"),
        signed(RSA, "PS256", "r"),
        signed(RSA, "RS256", "r", exp=PAST),
        jwt.encode(claims(), None, algorithm="none", headers={"kid": "r"}),
    ],
    ids=["hs256", "hs256 kid", "confusion", "foreign", "unknown kid", "no kid", "other's kid",
         "ps256", "expired", "none"],
)  # fmt: skip
def test_public_keys_keep_out(keys: str, token: str) -> None:
    check = TokenCheck(Settings(jwks_url=keys, token_secret=SECRET))
    with pytest.raises(BadToken):
        check.check(f"Bearer {token}")


def test_an_issuer_that_is_down_is_not_the_members_fault() -> None:
    check = TokenCheck(Settings(jwks_url="http://127.0.0.1:9/keys"))
    with pytest.raises(KeysUnavailable):
        check.check(f"Bearer {signed(RSA, 'RS256', 'r')}")
    with pytest.raises(BadToken):
        check.check(f"Bearer {signed(kid='r')}")


def test_no_token_is_minted_outside_development() -> None:
    with pytest.raises(ValueError, match="development"):
        mint_token(Settings(env="production", token_secret=SECRET), "m1")
