"""Texts as a speech synthesiser reads them well: by `data/replies/read_aloud.yml`, from the shown text.

Abbreviations, dates, clock times, addresses and receipts are written out, and what is not read
(quotation marks, dashes at the head of a line) is left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import Match
from typing import Callable

from pydantic import BaseModel, Field

from bot.settings import ROOT
from bot.yaml_source import load_model

FILE = ROOT / "data" / "replies" / "read_aloud.yml"

_MAIL = re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(
    r"(?:https?://(?:www\.)?|www\.)?(?<![\w@])((?:[\w-]+\.)+(?:dk|com|org|net|eu|nu))\b(?:/\S*?)?"
    r"(?=[.,;:!?)]*(?:\s|$))"
)
_RECEIPT = re.compile(r"\b[A-Z]{2}(?:-[0-9A-Z]{4}){2}\b")
_QUOTES = re.compile(r"[\"“”„»«]")
_ELLIPSIS = re.compile(r"\s*…")
_BULLET = re.compile(r"(?m)^\s*[–•*-]\s+")
_LINES = re.compile(r"([^\s.!?:,;])?\s*\n\s*")
_HOURS = re.compile(r"\b(\d{1,2})[.:](\d{2})(?![\d.]*\d)(?:\s*[-–]\s*(\d{1,2})[.:](\d{2})\b)?")
_SLASH = re.compile(r"(?<=[^\W\d_])\s*/\s*(?=[^\W\d_])")
_DASH = re.compile(r"\s+[–-]\s+")
_SPACES = re.compile(r"\s+")


class ReadAloud(BaseModel):
    """The file. `words`: what stands in the text to what is said; one that ends in a dot keeps it."""

    words: dict[str, str]
    days: list[str] = Field(..., min_items=31, max_items=31)
    months: list[str] = Field(..., min_items=12, max_items=12)
    weekdays: dict[str, str]
    date: str
    hours: str
    zero: str
    dot: str
    or_: str = Field(..., alias="or")

    class Config:
        extra = "forbid"
        allow_mutation = False

    def aloud(self, text: str) -> str:
        """The text as it is to be read: one line, nothing abbreviated, no address, no sign."""
        text = _BULLET.sub("", _ELLIPSIS.sub("", _QUOTES.sub("", text.strip())))
        text = _LINES.sub(lambda m: f"{m[1]}. " if m[1] else " ", text)
        text = _MAIL.sub(lambda m: m[0].replace(".", f" {self.dot} "), text)
        text = _ADDRESS.sub(lambda m: m[1].replace(".", f" {self.dot} "), text)
        text = _RECEIPT.sub(lambda m: ", ".join(" ".join(group) for group in m[0].split("-")), text)
        text = self._short_dates(text)
        text = self._long_dates(text)
        text = _HOURS.sub(self._clock, text)
        text = self._abbreviations(text)
        text = _DASH.sub(", ", _SLASH.sub(f" {self.or_} ", text))
        return _SPACES.sub(" ", text).strip()

    def _short_dates(self, text: str) -> str:
        """'tor 26/11' to 'torsdag den seksogtyvende november'."""
        weekdays = "|".join(map(re.escape, self.weekdays))
        pattern = rf"(?:\b({weekdays})\.?\s+)?(?:\bden\s+)?\b(\d{{1,2}})/(\d{{1,2}})\b"

        def written(match: Match[str]) -> str:
            day, month = int(match[2]), int(match[3])
            if not (1 <= day <= len(self.days) and 1 <= month <= len(self.months)):
                return match[0]
            said = self.date.format(day=self.days[day - 1], month=self.months[month - 1])
            return f"{self.weekdays[match[1]]} {said}" if match[1] else said

        return re.sub(pattern, written, text)

    def _long_dates(self, text: str) -> str:
        """'26. november' to 'seksogtyvende november'."""
        months = "|".join(map(re.escape, self.months))

        def written(match: Match[str]) -> str:
            day = int(match[1])
            return self.days[day - 1] if 1 <= day <= len(self.days) else match[0]

        return re.sub(rf"\b(\d{{1,2}})\.(?=\s+(?:{months})\b)", written, text)

    def _clock(self, match: Match[str]) -> str:
        """'10.00' to '10', '9.05' to '9 nul 5', '9.00-15.30' to '9 til 15 30'."""
        said = self._time(match[1], match[2])
        if match[3] is None:
            return said
        return self.hours.format_map({"from": said, "to": self._time(match[3], match[4])})

    def _time(self, hour: str, minute: str) -> str:
        if minute == "00":
            return str(int(hour))
        return f"{int(hour)} {self.zero + ' ' if minute[0] == '0' else ''}{int(minute)}"

    def _abbreviations(self, text: str) -> str:
        return self._pattern().sub(self._word(), text)

    def _pattern(self) -> re.Pattern[str]:
        keys = sorted(self.words, key=len, reverse=True)
        each = (
            (r"(?<!\w)" if key[0].isalpha() else "")
            + re.escape(key)
            + (r"(?!\w)" if key[-1].isalpha() else "")
            for key in keys
        )
        return re.compile("|".join(each), re.IGNORECASE)

    def _word(self) -> Callable[[Match[str]], str]:
        def said(match: Match[str]) -> str:
            word = self.words[match[0].lower()]
            if match[0][0].isupper():
                word = word[:1].upper() + word[1:]
            rest = match.string[match.end() :]
            ends = match[0].endswith(".") and (not rest.strip() or re.match(r"\s+[A-ZÆØÅ]", rest))
            return f"{word}." if ends else word

        return said


@lru_cache(maxsize=1)
def _table() -> ReadAloud:
    return load_model(FILE, ReadAloud)


def read_aloud(text: str) -> str:
    """See `ReadAloud.aloud`; by the file, read once a process. Raises SourceError where it is wrong."""
    return _table().aloud(text)
