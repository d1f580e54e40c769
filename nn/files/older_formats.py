"""Weights as other programs keep them: pickled lists and dictionaries, npz archives, Nielsen's JSON.

All of them are arrays in some order under some names. Here they become one list of weights and one of biases, from
input to output; what network that makes, `nn.files.architecture` finds out.

Sources: M. Nielsen, *Neural Networks and Deep Learning*, network2.py (JSON); K. Saito, *Deep Learning from
Scratch* (dictionaries ``W1, b1, ...``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.files.archives import MAGIC as ZIP
from nn.files.archives import opened_archive
from nn.files.header import parse_json
from nn.files.pickles import read_pickle
from nn.files.streams import DamageError, opened

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

LAYERS_LIMIT = 100
_HELD = 64 * 2**20
_JSON_LIMIT = 24 * 2**20
_BRACKETS, _QUOTES, _COMMAS = 20_000, 1_000, 1_100_000
"""What the text of a network may hold: rows, names, and numbers enough for 784-1000-10."""
_WEIGHT = re.compile(r"(?:w|weights?)_?([0-9]{1,3})", re.IGNORECASE)
_BIAS = re.compile(r"(?:b|bias(?:es)?)_?([0-9]{1,3})", re.IGNORECASE)
_POSITION = re.compile(r"arr_([0-9]{1,3})")
_HIDDEN, _OUTPUT = "wih", "who"


@dataclass(frozen=True, slots=True, eq=False)
class FoundWeights:
    """The arrays of a network from input to output, and what else its file says.

    ``biases`` is empty where the file has none; ``cost`` is the name of the loss in Nielsen's JSON.
    """

    weights: tuple[NDArray[Any], ...]
    biases: tuple[NDArray[Any], ...]
    kind: str
    cost: str = ""


def read_weights(path: str | os.PathLike[str]) -> FoundWeights:
    """Read the arrays of a network from a file of another program, recognised by its content.

    Raises
    ------
    DamageError
        If it is none of the known kinds, damaged, or holds no weights.
    """
    found = _found(path)
    if not found.weights and not found.biases:
        raise DamageError("it holds no weights")
    if len(found.weights) > LAYERS_LIMIT:
        raise DamageError(f"it holds more than {LAYERS_LIMIT} layers")
    for array in (*found.weights, *found.biases):
        if array.dtype.kind not in "fi":
            raise DamageError(f"it holds {array.dtype}, and weights are real numbers")
        if not np.isfinite(array).all():
            raise DamageError("it holds numbers that are infinite or not a number")
    return found


def with_biases(found: FoundWeights, path: str | os.PathLike[str]) -> FoundWeights:
    """Add the biases that a program has put into a file of their own."""
    beside = read_weights(path)
    if beside.weights or found.biases:
        raise DamageError("there is more than one set of weights or biases")
    return replace(found, biases=beside.biases)


def _found(path: str | os.PathLike[str]) -> FoundWeights:
    with opened(path) as stream:
        start = stream.peek(64)
        if not start.startswith(ZIP):
            if start.lstrip().startswith(b"{"):
                text = _all(stream.some(_JSON_LIMIT + 1))
                return _from_json(text)
            value = read_pickle(stream, held=_HELD)
            stream.end()
            return _from_pickle(value)
    with opened_archive(path) as archive:
        arrays = {}
        left = _HELD
        for name in archive.names():
            arrays[name] = archive.read(name, left)
            left -= arrays[name].nbytes
    return _from_names(arrays, "npz")


def _all(text: bytes) -> str:
    # Parsed, a bracket takes thirty times its text, and all of them their time.
    brackets, quotes, commas = text.count(b"[") + text.count(b"{"), text.count(b'"'), text.count(b",")
    if len(text) > _JSON_LIMIT or brackets > _BRACKETS or quotes > _QUOTES or commas > _COMMAS:
        raise DamageError("it is too large for a network in JSON")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise DamageError("it is no text in UTF-8") from error


def _from_json(text: str) -> FoundWeights:
    try:
        content = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise DamageError(f"it is damaged JSON ({str(error)[:80]})") from error
    if not isinstance(content, dict) or not {"sizes", "weights", "biases"} <= content.keys():
        raise DamageError("it is JSON, but not a network's sizes, weights and biases")
    weights, biases = (_tables(content[name]) for name in ("weights", "biases"))
    sizes = [weights[0].shape[-1], *(len(array) for array in weights)] if weights else []
    if content["sizes"] != sizes:
        raise DamageError(f"its sizes are {str(content['sizes'])[:40]}, and its weights of sizes {sizes}")
    return FoundWeights(weights, biases, "JSON", str(content.get("cost", ""))[:40])


def _tables(value: object) -> tuple[NDArray[Any], ...]:
    if not isinstance(value, list):
        raise DamageError("its weights are no list of tables")
    return tuple(_table(rows) for rows in value)


def _table(rows: object) -> NDArray[Any]:
    """Turn rows of numbers into an array; JSON's other values numpy would take for numbers too."""
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise DamageError("its weights are no tables of numbers")
    width = len(rows[0])
    if not width or not all(len(row) == width and {*map(type, row)} <= {int, float} for row in rows):
        raise DamageError("its weights are no tables of numbers")
    try:
        return np.array(rows, np.float64)
    except OverflowError as error:
        raise DamageError("it holds a number that is too large") from error


def _from_pickle(value: object) -> FoundWeights:
    if isinstance(value, dict):
        if all(isinstance(item, np.ndarray) for item in value.values()):
            return _from_names(value, "dictionary")
        return _in_order([*_flat(value.get("weights")), *_flat(value.get("biases"))], "dictionary")
    return _in_order(list(_flat(value)), "list")


def _flat(value: object) -> Iterator[NDArray[Any]]:
    """Yield the arrays of nested lists in order: however they are paired, weights and biases keep theirs."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _flat(item)
    else:
        raise DamageError("it holds something else than lists or a dictionary of arrays")


def _in_order(arrays: list[NDArray[Any]], kind: str) -> FoundWeights:
    is_bias = [array.ndim < 2 or (array.ndim == 2 and min(array.shape) == 1) for array in arrays]
    weights = tuple(array for array, is_one in zip(arrays, is_bias, strict=True) if not is_one)
    return FoundWeights(weights, tuple(a for a, is_one in zip(arrays, is_bias, strict=True) if is_one), kind)


def _from_names(arrays: Mapping[str, NDArray[Any]], kind: str) -> FoundWeights:
    if arrays.keys() == {_HIDDEN, _OUTPUT}:
        return FoundWeights((arrays[_HIDDEN], arrays[_OUTPUT]), (), kind)
    if arrays and all(_POSITION.fullmatch(name) for name in arrays):
        order = sorted(arrays, key=lambda name: int(name.removeprefix("arr_")))
        return _in_order([arrays[name] for name in order], kind)
    numbered: dict[re.Pattern[str], dict[int, NDArray[Any]]] = {_WEIGHT: {}, _BIAS: {}}
    for name, array in arrays.items():
        pattern = next((pattern for pattern in numbered if pattern.fullmatch(name)), None)
        if pattern is None:
            raise DamageError(f"it holds an array {name[:40]!r}; known are W1, b1, ..., weights_0, biases_0, ...")
        match = pattern.fullmatch(name)
        numbered[pattern][int(match[1]) if match else 0] = array
    weights, biases = numbered.values()
    if biases and biases.keys() != weights.keys():
        raise DamageError(f"its weights are numbered {sorted(weights)} and its biases {sorted(biases)}")
    return FoundWeights(tuple(weights[n] for n in sorted(weights)), tuple(biases[n] for n in sorted(biases)), kind)
