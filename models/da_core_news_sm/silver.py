"""Self-training: analyses for sentences that have none, from first models and word lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import simplemma
from spacy.language import Language
from spacy.morphology import Morphology
from treebank import Analysis, Sentence

PROPER_NOUN = "PROPN"
PROPER_NAMES = ("B-PER", "I-PER", "B-LOC", "I-LOC")
NO_NAME = "O"


class GoldWords:
    """What the gold sentences say of each word, upper and lower case taken as one."""

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        self._lemmas: defaultdict[str, defaultdict[str, Counter[str]]]
        self._lemmas = defaultdict(lambda: defaultdict(Counter))
        for sentence in sentences:
            for word, analysis in zip(sentence.words, sentence.analyses, strict=True):
                self._lemmas[word.lower()][analysis.pos][analysis.lemma] += 1

    def parts_of_speech(self, word: str) -> Collection[str]:
        """All that the word is in gold; empty if gold does not have it."""
        return self._lemmas[word.lower()].keys() if word.lower() in self._lemmas else ()

    def lemma(self, word: str, pos: str) -> str:
        """Gold's most frequent lemma of the word as this part of speech, or else a dictionary's."""
        if pos in self.parts_of_speech(word):
            return self._lemmas[word.lower()][pos].most_common(1)[0][0]
        lemma: str = simplemma.lemmatize(word, lang="da")
        return lemma if pos == PROPER_NOUN else lemma.lower()


def self_annotated(
    sentences: Iterable[Sentence], first_models: Sequence[Language], gold: GoldWords
) -> Iterator[Sentence]:
    """The sentences with what the models, trained on the same gold, together find likeliest.

    The parts of speech to choose from are limited by gold's words and by the sentences' names.
    """
    morphologizer: Any = first_models[0].get_pipe("morphologizer")
    readings = [_reading(label) for label in morphologizer.labels]
    for sentence in sentences:
        analyses = []
        scores = sum(_scores(model, sentence) for model in first_models)
        for word, name, row in zip(sentence.words, sentence.names, scores, strict=True):
            likeliest = (readings[column] for column in row.argsort()[::-1])
            pos, morph = next(one for one in likeliest if _possible(one[0], word, name, gold))
            analyses.append(Analysis(pos, morph, gold.lemma(word, pos)))
        yield replace(sentence, analyses=tuple(analyses))


def _scores(model: Language, sentence: Sentence) -> Any:
    """One row per word, one column per label of the morphologizer."""
    doc = model(sentence.to_doc(model.vocab))
    morphologizer: Any = model.get_pipe("morphologizer")
    return morphologizer.model.predict([doc])[0]


def _reading(label: str) -> tuple[str, str]:
    features = Morphology.feats_to_dict(label)
    pos = features.pop("POS", "")
    return pos, Morphology.dict_to_feats(features)


def _possible(pos: str, word: str, name: str, gold: GoldWords) -> bool:
    if name in PROPER_NAMES and word[0].isupper():
        return pos == PROPER_NOUN
    known = gold.parts_of_speech(word)
    if len(known) == 1:
        return pos in known
    return pos != PROPER_NOUN or name != NO_NAME
