"""What a call to the back end may raise.

BackendError
 ├── BackendUnavailable   down, slow, or answering what no back end answers
 └── BackendRefusal       it said no, with a code of the contract
"""

from __future__ import annotations


class BackendError(Exception):
    """Everything that a call may raise."""


class BackendUnavailable(BackendError):
    """No usable answer. `maybe_done`: a change may have happened; its key tells when asked again."""

    def __init__(self, what: str, *, maybe_done: bool) -> None:
        super().__init__(what)
        self.maybe_done = maybe_done


class BackendRefusal(BackendError):
    """The back end said no, and nothing was changed. `code` is one of the contract's."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(f"{status} {code}")
        self.code, self.message, self.status = code, message, status
