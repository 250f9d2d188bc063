"""CPR numbers are taken out of everything that is typed, before it is stored, logged or sent on.

Recognised by shape (DDMMYY-SSSS; hyphen, space or nothing in between) and date, not by modulus 11,
which stopped holding in 2007. Ten digits that are part of a longer number (phone, account) stay.
"""

from __future__ import annotations

import re

MASK = "XXXXXX-XXXX"

_BETWEEN = r"[ \t\u00a0\u202f\u2009]?[-\u2010-\u2015\u2212]?[ \t\u00a0\u202f\u2009]?"
_NUMBER = re.compile(
    rf"(?<!\d)(?<!\d-)(?<!\+)(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d){_BETWEEN}\d{{4}}(?!-?\d)"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def mask_cpr(text: str) -> str:
    """The text with every CPR number replaced by `XXXXXX-XXXX`."""
    return _NUMBER.sub(lambda found: MASK if _is_date(found) else found.group(), text)


def _is_date(found: re.Match[str]) -> bool:
    """Whether the first six digits are a day of some century (29 February: of a leap year)."""
    day, month, year = (int(found[part]) for part in ("day", "month", "year"))
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    return (day, month) != (29, 2) or year % 4 == 0
