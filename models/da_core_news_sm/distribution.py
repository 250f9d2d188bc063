"""Packs a trained pipeline as a wheel that holds the same bytes whenever it is made."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = "da_core_news_sm"
# What spaCy 3.4 needs and does not say itself, beside spaCy.
REQUIREMENTS = ("spacy>=3.4.0,<3.5.0", "numpy<2", "setuptools<81")
EARLIEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o644

INIT = """\
from pathlib import Path

from spacy.util import get_model_meta, load_model_from_init_py

__version__ = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides):
    return load_model_from_init_py(__file__, **overrides)
"""

WHEEL = "Wheel-Version: 1.0\nGenerator: da_core_news_sm\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def write_wheel(pipeline: Path, meta: dict[str, Any], out: Path) -> Path:
    """Pack the saved `pipeline` into `out`, named after `meta["version"]`, and return the wheel.

    `spacy.load("da_core_news_sm")` finds the package once it is installed.
    """
    version = meta["version"]
    info = f"{PACKAGE}-{version}.dist-info"
    files = dict(_package_files(pipeline, version))
    files[f"{info}/METADATA"] = _metadata(meta).encode()
    files[f"{info}/WHEEL"] = WHEEL.encode()
    files[f"{info}/entry_points.txt"] = f"[spacy_models]\n{PACKAGE} = {PACKAGE}\n".encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    wheel = out / f"{PACKAGE}-{version}-py3-none-any.whl"
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = FILE_MODE << 16
            archive.writestr(entry, content)
    return wheel


def _package_files(pipeline: Path, version: str) -> Iterator[tuple[str, bytes]]:
    yield f"{PACKAGE}/__init__.py", INIT.encode()
    yield f"{PACKAGE}/meta.json", (pipeline / "meta.json").read_bytes()
    for path in sorted(pipeline.rglob("*")):
        if path.is_file():
            name = path.relative_to(pipeline).as_posix()
            yield f"{PACKAGE}/{PACKAGE}-{version}/{name}", path.read_bytes()


def _metadata(meta: dict[str, Any]) -> str:
    fields = [
        ("Metadata-Version", "2.1"),
        ("Name", PACKAGE),
        ("Version", meta["version"]),
        ("Summary", meta["description"]),
        ("Author", meta["author"]),
        ("License", meta["license"]),
        ("Requires-Python", ">=3.7"),
        *(("Requires-Dist", requirement) for requirement in REQUIREMENTS),
        ("Description-Content-Type", "text/plain"),
    ]
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    credits = "".join(
        f"- {source['name']} ({source['author']}), {source['license']}, {source['url']}\n"
        for source in meta["sources"]
    )
    return f"{head}\n{meta['description']}\n\n{meta['notes']}\n\nMade from:\n{credits}"


def _record(files: dict[str, bytes], record: str) -> str:
    rows = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        rows.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join(rows) + f"{record},,\n"
