"""Phone numbers as E.164, the only form in which they are kept and compared."""

from __future__ import annotations

import re

_LOOSE = re.compile(r"[\s().\-\u00a0]")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_DANISH = re.compile(r"[2-9]\d{7}")


def phone_number(written: object) -> str:
    """`4520000001`, `+45 20 00 00 01`, `004520000001` and `20000001` as `+4520000001`.

    Raises ValueError for what is no phone's number: a name as sender, a short code.
    """
    if isinstance(written, bool) or not isinstance(written, (str, int)):
        raise ValueError("no phone number")
    digits = _LOOSE.sub("", str(written))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif _DANISH.fullmatch(digits):
        digits = f"+45{digits}"
    elif digits[:1].isdigit():
        digits = f"+{digits}"
    if not digits.isascii() or not _E164.fullmatch(digits):
        raise ValueError("no phone number")
    return digits


def hidden(phone: str) -> str:
    """A number as it may stand in a log: enough to tell two apart, too little to call."""
    return f"{phone[:3]}…{phone[-2:]}"
