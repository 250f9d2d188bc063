"""Read the files that editors write, and say file, line and mend where one is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Type, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

Model = TypeVar("Model", bound=BaseModel)


class SourceError(Exception):
    """A file of `data/` (or a seed file) is wrong. Its text is one line a fault: `file:line: what; mend`."""


def load_model(path: Path, model: Type[Model]) -> Model:
    """Read one YAML file into a model, all faults reported at once. Raises SourceError."""
    return build(path, read_yaml(path), model)


def read_yaml(path: Path) -> Any:
    """The file's tree with line marks kept (`line_of` reads them). Raises SourceError."""
    reader = YAML(typ="rt")
    try:
        with path.open(encoding="utf-8") as stream:
            return reader.load(stream)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise SourceError(f"{path}:{line}: not valid YAML: {error.problem}") from error


def build(path: Path, tree: Any, model: Type[Model]) -> Model:
    """Check a tree of `read_yaml` against a model. Raises SourceError with every fault's line."""
    if not isinstance(tree, dict):
        raise SourceError(
            f"{path}:1: a mapping with {', '.join(model.__fields__)} is expected here"
        )
    try:
        return model.parse_obj(_plain(tree))
    except ValidationError as error:
        raise SourceError(
            "\n".join(_fault(path, tree, fault) for fault in error.errors())
        ) from error


def line_of(tree: Any, place: tuple[Any, ...]) -> int:
    """The 1-based line of a place in the tree, or of its nearest parent that has one."""
    line = 1
    for key in place:
        try:
            if isinstance(tree, CommentedMap):
                line = tree.lc.key(key)[0] + 1
            elif isinstance(tree, CommentedSeq):
                line = tree.lc.item(key)[0] + 1
            tree = tree[key]
        except (KeyError, IndexError, TypeError):
            break
    return line


def _fault(path: Path, tree: Any, fault: Any) -> str:
    place = tuple(key for key in fault["loc"] if key != "__root__")
    name = ".".join(str(key) for key in place) or "the file"
    return f"{path}:{line_of(tree, place)}: {name}: {_said(fault)}"


def _said(fault: Any) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error.missing":
        return "is missing; add it"
    if kind == "value_error.extra":
        return "is not known here; remove it or correct its spelling"
    if kind == "value_error.const" or kind == "type_error.enum":
        allowed = ", ".join(
            str(value) for value in context.get("permitted", context.get("enum_values", []))
        )
        return f"{fault['msg']}; allowed: {allowed}"
    return str(fault["msg"])


def _plain(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_plain(value) for value in tree]
    return tree
