"""The words of Danish times: numbers, weekdays, months, parts of the day, and how they are misspelt.

All words here are folded (`bot.nlu.spelling.fold`): "lørdag" is "loerdag".
"""

from __future__ import annotations

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "loerdag", "soendag")
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
MONTH_ABBREVIATIONS = {
    "jan": 1, "feb": 2, "febr": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "sept": 9, "okt": 10, "nov": 11, "dec": 12, "des": 12,
}  # fmt: skip
PARTS = {
    "morgen": (6 * 60, 9 * 60),
    "formiddag": (9 * 60, 12 * 60),
    "eftermiddag": (12 * 60, 17 * 60),
    "aften": (17 * 60, 22 * 60),
    "nat": (0, 6 * 60),
}
"""Minutes past midnight, half open. Night is ours; the other four are the catalogue's."""

_ONES = ("en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")
NUMBERS = {
    "et": 1, **{word: value for value, word in enumerate(_ONES, 1)}, "een": 1, "eet": 1,
    "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15,
    "seksten": 16, "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20, "tredive": 30,
    "fyrre": 40, **{f"{word}ogtyve": 20 + value for value, word in enumerate(_ONES, 1)},
    **{f"{word}ogtredive": 30 + value for value, word in enumerate(_ONES, 1)},
    **{f"{word}ogfyrre": 40 + value for value, word in enumerate(_ONES, 1)}, "halvtreds": 50,
}  # fmt: skip
_TEENS = (
    "ellevte", "tolvte", "trettende", "fjortende", "femtende",
    "sekstende", "syttende", "attende", "nittende", "tyvende",
)  # fmt: skip
LATE_ORDINALS = {
    "tiende": 10, **{word: value for value, word in enumerate(_TEENS, 11)}, "elvte": 11,
    **{f"{word}ogtyvende": 20 + value for value, word in enumerate(_ONES, 1)},
    "tredivte": 30, "enogtredivte": 31,
}  # fmt: skip
"""Ordinals that are a day of the month by themselves; "den anden" and its like are a choice."""
ORDINALS = {
    "foerste": 1, "anden": 2, "tredje": 3, "tredie": 3, "fjerde": 4, "femte": 5, "sjette": 6,
    "syvende": 7, "ottende": 8, "niende": 9, **LATE_ORDINALS,
}  # fmt: skip
FEASTS = {
    "lillejuleaften": (12, 23), "juleaften": (12, 24), "juleaftensdag": (12, 24),
    "nytaarsaften": (12, 31), "nytaarsaftensdag": (12, 31), "nytaarsdag": (1, 1),
    "grundlovsdag": (6, 5),
}  # fmt: skip

SHORT_FORMS = {
    "tir": "tirsdag", "tirs": "tirsdag", "tirsd": "tirsdag", "ons": "onsdag", "onsd": "onsdag",
    "tors": "torsdag", "torsd": "torsdag", "fre": "fredag", "loer": "loerdag",
    "lordag": "loerdag", "sondag": "soendag", "mandg": "mandag", "fredg": "fredag", "onsdg": "onsdag",
    "idag": "i dag", "iddag": "i dag", "idga": "i dag", "iadg": "i dag", "dg": "dag", "dga": "dag",
    "imorgen": "i morgen", "imorgn": "i morgen", "imorn": "i morgen", "imorgne": "i morgen",
    "imrgn": "i morgen", "imrg": "i morgen", "imogen": "i morgen", "imorgon": "i morgen",
    "imrogen": "i morgen", "imoregn": "i morgen", "imorge": "i morgen", "imroegn": "i morgen",
    "imrgen": "i morgen", "imrogn": "i morgen", "imoren": "i morgen", "imorggen": "i morgen",
    "mrg": "morgen", "mrgn": "morgen", "morgn": "morgen", "morgne": "morgen", "morgon": "morgen",
    "mogen": "morgen", "mrogen": "morgen", "moregn": "morgen", "morn": "morgen",
    "iovermorgen": "i overmorgen", "overimorgen": "overmorgen", "overmorgn": "overmorgen",
    "overmrg": "overmorgen", "iovermrg": "i overmorgen", "overmorn": "overmorgen",
    "ioevermorgen": "i overmorgen", "iovermorgn": "i overmorgen",
    "igaar": "i gaar", "igar": "i gaar", "igor": "i gaar", "gar": "gaar", "gor": "gaar",
    "iforgaars": "i forgaars", "iforgars": "i forgaars", "forgars": "forgaars", "igaer": "i gaar",
    "iaften": "i aften", "iaftes": "i aftes", "imorges": "i morges", "inat": "i nat",
    "iformiddag": "i formiddag", "ieftermiddag": "i eftermiddag", "iformiddags": "i formiddags",
    "ieftermiddags": "i eftermiddags", "aftn": "aften", "efm": "eftermiddag",
    "eftm": "eftermiddag", "efterm": "eftermiddag",
    "fm": "formiddag", "formidag": "formiddag", "formidags": "formiddags",
    "eftermidag": "eftermiddag", "eftermidags": "eftermiddags",
    "klokken": "kl", "klokka": "kl", "klok": "kl", "klk": "kl", "kloken": "kl",
    "mrats": "marts", "jaunar": "januar", "naste": "naeste", "neste": "naeste",
    "nste": "naeste", "naestes": "naeste", "nest": "naeste", "naest": "naeste", "nesta": "naeste",
    "maned": "maaned", "ue": "uge", "uga": "uge",
    "pa": "paa", "tolf": "tolv", "elve": "elleve", "sex": "seks",
    "havl": "halv", "hlav": "halv", "havlt": "halv", "tiime": "time", "timme": "time", "tiem": "time",
    "vecka": "uge", "veckan": "ugen", "naesta": "naeste", "foermiddag": "formiddag",
    "tolvt": "tolvte", "midag": "middag", "midten": "midt", "midterst": "midt",
}  # fmt: skip
"""What is typed for a word, short or misspelt, where edit distance would not find it or not safely."""

MISSPELT = (*WEEKDAYS, *(m for m in MONTHS if len(m) > 4 and m != "marts"), "formiddag", "eftermiddag",
            "overmorgen", "weekenden", "klokken", "foerstkommende")  # fmt: skip
"""Words that a slip of one or two edits is brought to (`bot.nlu.spelling.nearest`)."""

NEVER_MISSPELT = frozenset(
    "fridag middag mandat mandlig klikken klokker kokken augusta auguste".split()
)
"""Danish words so near one of `MISSPELT` that they would be taken for it."""

UNITS = (
    r"(?:jobs?|stilling\w*|ansoegning\w*|gang\w*|dag(?:e|es)?|uger?|ugers|maaneder|maaned|mdr|aar\w*|"
    r"timers?|minutter|min|moeder?|samtaler?|personer?|boern|mand|kr|kroner|procent|km|meter|cm|"
    r"grader|stk|ord|sider|linjer|virksomhed\w*|job\w*|afslag|formular\w*|moedegange?|gg|x|tusind)"
)
"""What makes a number beside it a count and no time (folded, a regular expression)."""
