"""Makes the wheel of `da_core_news_sm` from the Danish Dependency Treebank.

Run as `python models/da_core_news_sm/train.py TREEBANK_DIR --out models/`; README.md beside this
file says what goes in and what comes out.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import spacy
from distribution import write_wheel
from pipeline import Course, blank_namer, blank_tagger, joined, to_examples, train
from silver import GoldWords, self_annotated
from spacy.language import Language
from spacy.training.augment import make_lowercase_variant
from treebank import Sentence, Treebank, read_treebank

SEED = 1
FIRST_SEEDS = (1, 2, 3)
GOLD_COPIES = 2
FIRST_COURSE = Course(20, dropout=0.3, averaged=True, learn_rate=0.004, words_per_batch=100)
TAGGER_COURSE = Course(8, dropout=0.2, averaged=True, learn_rate=0.004, words_per_batch=200)
NAMER_COURSE = Course(8, dropout=0.1, averaged=False, learn_rate=0.002, words_per_batch=600)
FIGURES = (
    *("token_acc", "pos_acc", "morph_acc", "lemma_acc"),
    *("ents_p", "ents_r", "ents_f", "ents_per_type"),
)
META = Path(__file__).with_name("meta.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("treebank", type=Path, metavar="TREEBANK_DIR")
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder for the wheel")
    arguments = parser.parse_args()

    treebank = read_treebank(arguments.treebank)
    nlp = joined(trained_tagger(treebank), trained_namer(treebank))
    nlp.meta.update(json.loads(META.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "pipeline"
        nlp.to_disk(saved)
        nlp.meta["performance"] = figures(spacy.load(saved), treebank.test)
        nlp.to_disk(saved)
        wheel = write_wheel(saved, nlp.meta, arguments.out)
    print(json.dumps(nlp.meta["performance"], indent=2))
    print(f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB)")


def trained_tagger(treebank: Treebank) -> Language:
    """Trained on gold and on what first models, trained on gold alone, make of the other texts."""
    first_models = []
    for seed in FIRST_SEEDS:
        print("First tagger, on gold, seed", seed)
        first_models.append(_trained(blank_tagger(lemmas=False), treebank.gold, FIRST_COURSE, seed))
    silver = self_annotated(treebank.named, first_models, GoldWords(treebank.gold))
    print("Tagger, on gold and silver")
    return _trained(blank_tagger(), [*treebank.gold * GOLD_COPIES, *silver], TAGGER_COURSE)


def trained_namer(treebank: Treebank) -> Language:
    print("Names")
    return _trained(blank_namer(), [*treebank.named, *treebank.gold], NAMER_COURSE)


def figures(nlp: Language, sentences: Iterable[Sentence]) -> dict[str, Any]:
    """spaCy's scores from plain text, and from lower-cased text where so named."""
    examples = to_examples(nlp, [sentence.to_doc(nlp.vocab) for sentence in sentences])
    lower_cased = [make_lowercase_variant(nlp, example) for example in examples]
    scores = nlp.evaluate(examples)
    lower_scores = nlp.evaluate(lower_cased)
    return {name: scores[name] for name in FIGURES} | {
        f"lower_cased_{name}": lower_scores[name] for name in FIGURES
    }


def _trained(
    nlp: Language, sentences: Iterable[Sentence], course: Course, seed: int = SEED
) -> Language:
    return train(nlp, [sentence.to_doc(nlp.vocab) for sentence in sentences], course, seed)


if __name__ == "__main__":
    main()
