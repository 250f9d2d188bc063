"""Why the desk could not do what was asked, beside an illegal move of the state machine."""

from __future__ import annotations


class UnknownCase(Exception):
    """There is no conversation of that id."""


class AlreadyClaimed(Exception):
    """Another member of staff has it, or was faster."""


class LeadsOnly(Exception):
    """Only a lead may do this."""
