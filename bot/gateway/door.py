"""The door of the chat API: who holds a valid token and is a member comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from fastapi import Header

from bot.gateway.membership import Membership
from bot.gateway.replies import GatewayReplies
from bot.gateway.tokens import BadToken, Bearer, KeysUnavailable, TokenCheck
from bot.web import ApiError


@dataclass(frozen=True)
class Door:
    """Checks each request on its own; nothing is kept about who came in."""

    tokens: TokenCheck
    membership: Membership
    replies: GatewayReplies

    def proven(self, authorization: Optional[str] = Header(None)) -> Bearer:
        """Dependency of every route of the chat API. Raises ApiError 401, or 503 without keys."""
        try:
            found = self.tokens.check(authorization)
        except BadToken:
            raise ApiError(401, "unauthorized", self.replies.unauthorized) from None
        except KeysUnavailable:
            raise ApiError(503, "login_unavailable", self.replies.login_unavailable) from None
        if not self.membership.admits(found.member):
            raise ApiError(401, "unauthorized", self.replies.unauthorized)
        return found
