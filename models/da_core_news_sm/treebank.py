"""Reads the Danish Dependency Treebank: UD's analyses (.conllu), Universal NER's names (.iob2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from spacy.tokens import Doc
from spacy.vocab import Vocab

TREES = Path("UD_Danish-DDT")
NAMES = Path("UNER_Danish-DDT")
TEXT_MARK = "# text = "
UNSET = "_"


class Analysis(NamedTuple):
    """What one word is; `morph` as in UD (`Gender=Com|Number=Sing`), empty if it has none."""

    pos: str
    morph: str
    lemma: str


@dataclass(frozen=True)
class Sentence:
    """One sentence as the treebank divides it into words.

    `spaces` tells of each word whether white space follows it. `names` are IOB tags over PER, LOC,
    ORG and MISC. `analyses` is empty where the treebank has none.
    """

    text: str
    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    names: tuple[str, ...] = ()
    analyses: tuple[Analysis, ...] = ()

    def to_doc(self, vocab: Vocab) -> Doc:
        """The sentence with everything that is known of it, divided as in the treebank."""
        known = self.analyses
        return Doc(
            vocab,
            words=list(self.words),
            spaces=list(self.spaces),
            pos=[one.pos for one in known] if known else None,
            morphs=[one.morph for one in known] if known else None,
            lemmas=[one.lemma for one in known] if known else None,
            ents=list(self.names) if self.names else None,
        )


@dataclass(frozen=True)
class Treebank:
    """The parts by use: `named` has names only, `gold` and `test` have names and analyses.

    No text of `test` stands in the other two and none of `gold` in `named`, upper and lower case
    taken as one.
    """

    named: tuple[Sentence, ...]
    gold: tuple[Sentence, ...]
    test: tuple[Sentence, ...]


def read_treebank(folder: Path) -> Treebank:
    """Read `folder`, which holds the two repositories' files under the repositories' names."""
    gold, test = (_read_both(folder, part) for part in ("dev", "test"))
    named = _read_names(folder / NAMES / "da_ddt-ud-train.iob2")
    return Treebank(
        named=_without(named, [*gold, *test]), gold=_without(gold, test), test=tuple(test)
    )


def _read_both(folder: Path, part: str) -> list[Sentence]:
    trees = _read_analyses(folder / TREES / f"da_ddt-ud-{part}.conllu")
    names = _read_names(folder / NAMES / f"da_ddt-ud-{part}.iob2")
    if [one.words for one in trees] != [one.words for one in names]:
        raise ValueError(f"the sentences of the two {part} files differ")
    return [replace(tree, names=name.names) for tree, name in zip(trees, names, strict=True)]


def _without(sentences: Iterable[Sentence], held_out: Iterable[Sentence]) -> tuple[Sentence, ...]:
    seen = {sentence.text.lower() for sentence in held_out}
    return tuple(sentence for sentence in sentences if sentence.text.lower() not in seen)


def _read_analyses(path: Path) -> list[Sentence]:
    sentences = []
    for text, rows in _blocks(path):
        analyses = tuple(
            Analysis(pos=row[3], morph="" if row[5] == UNSET else row[5], lemma=row[2])
            for row in rows
        )
        sentences.append(replace(_aligned(text, [row[1] for row in rows]), analyses=analyses))
    return sentences


def _read_names(path: Path) -> list[Sentence]:
    sentences = []
    for text, rows in _blocks(path):
        names = _outer_names(row[3] for row in rows)
        sentences.append(replace(_aligned(text, [row[1] for row in rows]), names=names))
    return sentences


def _blocks(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        lines = block.splitlines()
        text = next(line[len(TEXT_MARK) :] for line in lines if line.startswith(TEXT_MARK))
        yield text, [line.split("\t") for line in lines if not line.startswith("#")]


def _aligned(text: str, words: Sequence[str]) -> Sentence:
    """Find the words in the text, since .iob2 has no space marks."""
    spaces = []
    rest = text.lstrip()
    for word in words:
        if not rest.startswith(word):
            raise ValueError(f"{word!r} is not the next word of {text!r}")
        after = rest[len(word) :]
        rest = after.lstrip()
        spaces.append(rest != after)
    return Sentence(text=text, words=tuple(words), spaces=tuple(spaces))


def _outer_names(layers: Iterable[str]) -> tuple[str, ...]:
    """IOB tags from the DaN+ column (`B-ORGpart#B-LOC`): the outer layer, parts of compounds as the
    name itself, derivations (`dansk`) as no name."""
    tags: list[str] = []
    before = ""
    for layer in layers:
        position, _, label = layer.partition("#")[0].partition("-")
        label = "" if label.endswith("deriv") else label.removesuffix("part")
        if not label:
            tags.append("O")
        elif position == "I" and label == before:
            tags.append(f"I-{label}")
        else:
            tags.append(f"B-{label}")
        before = label
    return tuple(tags)
