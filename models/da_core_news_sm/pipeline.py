"""The untrained pipelines and how they learn."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training.augment import create_lower_casing_augmenter
from spacy.training.batchers import minibatch_by_words
from spacy.training.example import Example
from spacy.util import load_model_from_config
from thinc.api import Adam, fix_random_seed, warmup_linear

LANGUAGE = "da"
WIDTH = 96
EMBEDDED = {
    "NORM": 5000,
    "PREFIX": 1000,
    "SUFFIX": 2500,
    "SHAPE": 2500,
    "SPACY": 50,
    "IS_SPACE": 50,
}


@dataclass(frozen=True)
class Course:
    """How long and how hard to train; `lower_cased` is the share of lower-cased sentences."""

    epochs: int
    dropout: float
    averaged: bool
    learn_rate: float
    words_per_batch: int
    lower_cased: float = 0.25


def blank_tagger(lemmas: bool = True) -> Language:
    """Part of speech with morphology, and lemmas, over one shared embedding."""
    nlp = spacy.blank(LANGUAGE)
    nlp.add_pipe("tok2vec", config={"model": _embedding()})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "tok2vec"}
    tagger = {"@architectures": "spacy.Tagger.v2", "nO": None, "tok2vec": listener}
    nlp.add_pipe("morphologizer", config={"model": tagger})
    if lemmas:
        nlp.add_pipe("trainable_lemmatizer", "lemmatizer", config={"model": tagger, "top_k": 3})
    return nlp


def blank_namer() -> Language:
    """Names alone, with an embedding of their own so that they can be left out when loading."""
    nlp = spacy.blank(LANGUAGE)
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": _embedding(),
    }
    nlp.add_pipe("ner", config={"model": model})
    return nlp


def joined(tagger: Language, namer: Language) -> Language:
    """The tagger with the namer's names and the rule that white space is `SPACE`."""
    ruler: Any = tagger.add_pipe("attribute_ruler")
    ruler.add([[{"IS_SPACE": True}]], {"TAG": "_SP", "POS": "SPACE"})
    tagger.add_pipe("ner", source=namer)
    return tagger


def train(nlp: Language, references: Sequence[Doc], course: Course, seed: int) -> Language:
    """`nlp` with every component trained on `references`; the same seed gives the same weights."""
    fix_random_seed(seed)
    examples = to_examples(nlp, references)
    steps = len(_batches(examples, course)) * course.epochs
    rates = iter(warmup_linear(course.learn_rate, steps // 20, steps))
    optimizer = Adam(
        learn_rate=course.learn_rate,
        L2=0.01,
        L2_is_weight_decay=True,
        grad_clip=1.0,
        use_averages=course.averaged,
    )
    nlp.initialize(lambda: examples, sgd=optimizer)
    lower_cased = create_lower_casing_augmenter(course.lower_cased)
    for epoch in range(course.epochs):
        random.shuffle(examples)
        shown = [one for example in examples for one in lower_cased(nlp, example)]
        losses: dict[str, float] = {}
        for batch in _batches(shown, course):
            optimizer.learn_rate = next(rates)
            nlp.update(batch, drop=course.dropout, losses=losses, sgd=optimizer)
        print(f"  epoch {epoch + 1}/{course.epochs}", {k: round(v) for k, v in losses.items()})
    if not course.averaged:
        return nlp
    with nlp.use_params(optimizer.averages):
        return load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())


def to_examples(nlp: Language, references: Iterable[Doc]) -> list[Example]:
    """Pair what the pipeline will see, in its own division into words, with what it should find."""
    return [Example(nlp.make_doc(reference.text), reference) for reference in references]


def _batches(examples: Iterable[Example], course: Course) -> list[list[Example]]:
    return list(minibatch_by_words(examples, size=course.words_per_batch))


def _embedding() -> dict[str, Any]:
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": WIDTH,
            "attrs": list(EMBEDDED),
            "rows": list(EMBEDDED.values()),
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": WIDTH,
            "depth": 4,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }
