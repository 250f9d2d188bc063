"""The training messages as Rasa's training reads them: once.

Rasa asks for them three times in a training, and each time reads and checks every file anew, which took a
fifth of the whole. `importers` in config.yml names this class.
"""

from __future__ import annotations

from typing import Optional

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.dialogues import training_messages


class MessagesOnce(RasaFileImporter):  # type: ignore[misc,unused-ignore]
    """Rasa's own importer of files, which keeps what it has read."""

    _read: Optional[TrainingData] = None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """As Rasa's, and the marked turns of `data/dialogues`; the language is only a name there."""
        if self._read is None:
            own = training_data_from_paths(self._nlu_files, language)
            self._read = own.merge(TrainingData(training_examples=training_messages()))
        return self._read
