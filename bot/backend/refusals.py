"""What the back end says no with: a code of the contract, its HTTP status, the field at fault."""

from __future__ import annotations

STATUS = {
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "time_taken": 409,
    "overlap": 409,
    "after_deadline": 409,
    "begun": 409,
    "not_live": 409,
    "key_reused": 409,
    "format_not_allowed": 422,
    "kind_mismatch": 422,
    "jobcenter_owned": 422,
    "invalid": 422,
    "unavailable": 503,
}
"""HTTP status of each code; the Danish sentence of each stands in `data/replies/inbox.yml`."""


class Refusal(Exception):
    """A change that the rules, or the database, don't allow. `field` names what is invalid."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(f"{code} {field}".strip())
        self.code, self.field = code, field

    @property
    def status(self) -> int:
        """The HTTP status of its code."""
        return STATUS[self.code]
