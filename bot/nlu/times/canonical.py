"""A message in canonical spelling, with the way back to the code points that were typed.

The grammar of times is written once, for well-spelt folded Danish; here "trosdag" becomes
"torsdag", "imrg" becomes "i morgen", and what only looks like a time (phone and CPR numbers,
streets, prices, the names Tor and August) becomes blots that no rule reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.spelling import fold, nearest
from bot.nlu.times.words import (
    MISSPELT,
    MONTHS,
    NEVER_MISSPELT,
    SHORT_FORMS,
    UNITS,
    WEEKDAYS,
)

BLOT = "\x00"
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\s+|.", re.DOTALL)
_MEETING_WORD = re.compile(r"s(?:moede|samtale|tid|aftale|snak|moedet|cv|en\b)")
_WEEKDAY_ENDING = re.compile(rf"({'|'.join(WEEKDAYS)})(ens?|ene|e|enes)$")

_COUNT = r"\d+(?:[.,]\d+)?"
_FALSE = tuple(
    re.compile(pattern)
    for pattern in (
        r"\S+@\S+|https?:\S+|www\.\S+",
        r"(?<!\d)\+\d[\d ]{6,}|(?<![\d.:/])\d{2} ?\d{2} ?\d{2} ?\d{2}(?![\d:]|[./]\d)",
        r"(?<!\d)\d{6} ?- ?\d{4}(?!\d)|(?<!\d)\d{5,}",
        r"\b(?:nr|nummer|lokale|\w*lokalet?|rum|stue|etage|sal|side|bus|linje|spor|opgang|kapitel|"
        rf"afsnit|punkt|version|paragraf|hus|post\w*|kode|sag)\.? ?{_COUNT}[a-z]?\b|§ ?{_COUNT}",
        r"\b\w{2,}(?:vej|gade|alle|plads|straede|boulevard|torv|vaenget|parken)(?:en|et)? \d+ ?[a-z]?\b",
        rf"\b{_COUNT}\.? ?(?:kr|kroner|dkk|euro|grader|procent|km|kg|meter|m2)\b|{_COUNT} ?%|{_COUNT},-",
        rf"\b{_COUNT} (?:i |graders )?feber\b",
        r"(?<!den )(?<!d\. )(?<!d )(?<!d\.)(?<!dag )\b24/7\b(?![-/ ]\d)|\b50/50\b",
        r"\b(?:1/2|3/4|1/4) (?:aar|tim|dag|uge|maaned|liter|stilling)\w*",
        r"\b(?:god|godt|go|samme|den) (?:morgen|formiddag|middag|eftermiddag|aften|nat|weekend(?:en)?|dag)\b",
        r"\b(?:hver|hvert|hveranden|hver anden|alle) (?:"
        + "|".join(WEEKDAYS)
        + r"|morgen|aften|uge)\b",
        rf"\b\d+ ?(?:-|til|ell?|eller|og) ?\d+ (?:{UNITS}|[a-z]*(?:samtaler?|moeder?))\b",
    )
)
_AFTER_NAME_WORD = re.compile(
    r"(?:med|hos|hedder|navn er|mvh|vh|hilsen|hils|soen|bror|kollega|sagsbehandler|raadgiver|min|til|fra|"
    r"dreng\w*|lille|kaldt|kaere|hej|knus) $"
)


_NO_TOMORROW = re.compile(r"\b(?:i|god|godt|go|go'|om|hver|samme|tidlig|denne|paa) $")
_MAN_DOES = re.compile(
    r" (?:er|har|var|ka|kan|ku|kunne|skal|ska|sku|vil|maa|boer|faar|bliver|blir|ikke|ik|selv|ogsaa|godt)\b"
)


@dataclass(frozen=True)
class Canonical:
    """`text` in canonical spelling; `starts[i]`, `stops[i]`: the typed code points its character i is of."""

    text: str
    starts: tuple[int, ...]
    stops: tuple[int, ...]

    def span(self, begin: int, stop: int) -> tuple[int, int]:
        """Where `text[begin:stop]` (not empty) stands in the typed message."""
        return self.starts[begin], self.stops[stop - 1]


def canonical(typed: str) -> Canonical:
    """The message in canonical spelling, false times blotted out."""
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(typed)]
    pieces: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    so_far = ""
    for place, (token, start, stop) in enumerate(tokens):
        following = "".join(part[0] for part in tokens[place + 1 : place + 9])
        piece = _spelt(token, so_far, fold(following))
        pieces.append(piece)
        starts.extend([start] * len(piece))
        stops.extend([stop] * len(piece))
        so_far = (so_far + piece)[-40:]
    text = "".join(pieces)
    for false in _FALSE:
        text = false.sub(lambda found: BLOT * len(found.group()), text)
    return Canonical(text, tuple(starts), tuple(stops))


def _spelt(token: str, before: str, after: str) -> str:
    if token.isspace():
        return "\n" if "\n" in token else " "
    if token.isdecimal():
        return token if token.isascii() else BLOT * len(token)
    if not token[0].isalpha():
        return {"–": "-", "—": "-", "−": "-"}.get(token, token)
    word = fold(token)
    if _is_name(token, word, before, after):
        return BLOT * len(word)
    if word in ("man", "tor", "soen", "fred"):
        return _weekday_in_short(word, before, after)
    if word in ("mrg", "mrgn") and not _NO_TOMORROW.search(before):
        return "i morgen"
    short = SHORT_FORMS.get(word)
    if short is not None:
        return f"{short}s" if short in WEEKDAYS and re.search(r"\bi $", before) else short
    compound = _compound(word)
    if compound is not None:
        habit = word.endswith(("en", "ene")) and before.endswith(
            "om "
        )  # "om mandagen": any of them
        return BLOT * len(word) if habit else compound
    if word in NEVER_MISSPELT or word in MISSPELT:
        return word
    ending = "s" if word.endswith("s") else ""
    target = nearest(word[:-1] if ending else word, MISSPELT) or nearest(word, MISSPELT)
    if target is None:
        return word
    return {"klokken": "kl"}.get(target, target + (ending if target in WEEKDAYS else ""))


def _compound(word: str) -> str | None:
    """ "mandagsmødet" and "mandagen" say Monday; "fredagens" too. None where the word is no such."""
    ending = _WEEKDAY_ENDING.match(word)
    if ending:
        return ending.group(1)
    for day in WEEKDAYS:
        if word.startswith(day) and _MEETING_WORD.match(word[len(day) :]):
            return day
    return None


def _is_name(token: str, word: str, before: str, after: str) -> bool:
    """Whether "Tor", "August", "Maj" stands here as somebody's name."""
    if word not in ("tor", "august", "maj", "april", "juni"):
        return False
    if re.search(r"(?:\d\.? ?|\b(?:i|foerste|\w+de|\w+te) )$", before):
        return False
    if _AFTER_NAME_WORD.search(before) and (token[0].isupper() or word in ("tor", "august")):
        return not re.search(r"(?:til|fra) $", before) or token[0].isupper()
    if word == "tor":
        return token[0].isupper() and bool(before.strip())
    return token[0].isupper() and bool(
        re.match(r" (?:er|har|skal|vil|kan|og|siger|sagde)\b", after)
    )


def _weekday_in_short(word: str, before: str, after: str) -> str:
    """ "man", "tor", "søn", "fred" are weekdays only where the words beside them leave nothing else."""
    day = {"man": "mandag", "tor": "torsdag", "soen": "soendag", "fred": "fredag"}[word]
    if re.search(r"\b(?:paa|naeste|kommende) $", before) and not (
        word == "man" and _MAN_DOES.match(after)
    ):
        return day
    dated = re.match(r"\.? ?(?:d\.? ?|den )?\d{1,2}(?:\.|/\d)", after)
    clocked = re.match(r"\.? (?:kl|klokken)\b", after)
    alone = not before.strip() or before.rstrip()[-1] in ",.;:!?(\n"
    if word == "man":
        about = re.search(r"(?:jobcenter\w*|moede\w*|samtale\w*|afbud|tid) $", before)
        return day if (alone or about) and (dated or clocked) else word
    if word == "soen":
        return (
            day
            if dated and not re.search(r"\b(?:min|din|vores|en|hans|hendes|lille) $", before)
            else word
        )
    whole = alone and not after.strip(" .!?")
    return (
        day
        if dated or clocked or whole or re.match(r" (?:form|efterm|aften|morgen|passer)", after)
        else word
    )


MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, 1)}
