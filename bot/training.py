"""Training the Rasa model, and knowing whether the one that is there fits the files it comes from.

A model archive is code that runs when it is loaded (CVE-2024-49375), so only one that was trained
here is loaded: its name carries the fingerprint of its sources, and a checksum stands beside it.
"""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

from bot.settings import ROOT

MODELS = ROOT / "models"

_SOURCES = (
    "config.yml", "domain.yml", "data/rules.yml", "data/nlu", "data/dialogues", "data/vocabulary", "bot/nlu",
    "bot/dialogue/reading/standing.py", "bot/dialogue/reading/notation.py", "requirements.lock",
)  # fmt: skip


class ModelError(Exception):
    """There is no model that fits, or the one that is there was changed after training."""


def fingerprint(root: Path = ROOT) -> str:
    """Of everything that a model is made from: 16 hex digits."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        place = root / source
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and file.suffix in (".yml", ".py", ".lock"):
                digest.update(str(file.relative_to(root)).encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def model_path() -> Path:
    """Where the model that fits today's sources is, or will be."""
    return MODELS / f"moedeklar-{fingerprint()}.tar.gz"


def fitting_model() -> Path:
    """The trained model that fits, its checksum verified. Raises ModelError."""
    path = model_path()
    if not path.exists():
        raise ModelError(
            "No trained model fits config.yml, domain.yml and data/: run `moedeklar train`."
        )
    kept = _checksum_file(path)
    if not kept.exists() or kept.read_text("ascii").strip() != _checksum(path):
        raise ModelError(
            f"models/{path.name} is not what was trained here: delete it and train anew."
        )
    return path


def train() -> Path:
    """Train with Rasa and keep the archive with its checksum. Raises ModelError."""
    prepare_environment()
    os.chdir(ROOT)
    import rasa

    quiet_logs()
    path = model_path()
    result = rasa.train(
        domain="domain.yml",
        config="config.yml",
        training_files=["data/nlu", "data/rules.yml"],
        output=str(MODELS),
        fixed_model_name=path.name,
        force_training=True,
    )
    if result.code != 0 or not path.exists():
        raise ModelError(f"Rasa's training ended with code {result.code}.")
    _checksum_file(path).write_text(_checksum(path) + "\n", "ascii")
    return path


def validate() -> int:
    """`rasa data validate`, warnings counted as faults. The exit code."""
    prepare_environment()
    os.chdir(ROOT)
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    importer = TrainingDataImporter.load_from_config(
        "config.yml", "domain.yml", ["data/nlu", "data/rules.yml"]
    )
    validator = Validator.from_importer(importer)
    well = all(
        [
            validator.verify_domain_validity(),
            validator.verify_intents(ignore_warnings=False),
            validator.verify_example_repetition_in_intents(ignore_warnings=False),
            validator.verify_actions_in_stories_rules(),
        ]
    )
    print("   domain, intents, examples and rules agree" if well else "   see the faults above")
    return 0 if well else 1


def prepare_environment() -> None:
    """What must be set before Rasa and TensorFlow are imported."""
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        SANIC_WORKERS="1",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
        OMP_NUM_THREADS="1",
    )


def quiet_logs() -> None:
    """Rasa prints messages' texts at debug level unless structlog is told not to: warnings and up only."""
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(),
    )
    for name in ("rasa", "sanic", "sanic.root", "sanic.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _checksum_file(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
