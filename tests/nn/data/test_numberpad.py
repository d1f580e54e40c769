"""Symbols drawn with a finger, by their name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from nn.data.numberpad import digits_of, read_numberpad
from nn.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def test_strokes_are_read_and_only_digits_have_a_label(tmp_path: Path) -> None:
    raw = {"7": [[[[1, 2], [3, 4.5]], [[5, 6]], []]], "x": [[[[0, 0]]]], "²": []}
    (tmp_path / "pad").write_text(json.dumps({"rawData": raw, "normalizedData": {}}))
    samples = read_numberpad(tmp_path / "pad")
    assert samples.keys() == raw.keys()
    assert [stroke.points.tolist() for stroke in samples["7"][0].strokes] == [[[1, 2], [3, 4.5]], [[5, 6]]]
    assert (samples["7"][0].label, samples["x"][0].label) == (7, None)
    assert digits_of(samples) == samples["7"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "[" * 100_000,
        '{"rawData": []}',
        '{"rawData": {"1": 1}}',
        '{"rawData": {"1": [[1]]}}',
        '{"rawData": {"1": [[[1]]]}}',
        '{"rawData": {"1": [[[["a", "b"]]]]}}',
        '{"rawData": {"1": [[[[1, NaN]]]]}}',
        '{"rawData": {"1": [[[[1, 2], [3]]]]}}',
    ],
)
def test_what_is_no_such_collection_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "pad").write_text(text)
    with pytest.raises(DataError, match="Wanted the collection numberpad"):
        read_numberpad(tmp_path / "pad")


def test_the_real_collection_has_822_digits(data_folder: Path) -> None:
    samples = read_numberpad(data_folder / "numberpad" / "numberpad.json")
    assert len(digits_of(samples)) == 822
    assert {"+", "-", "x", "/", "?", "^", "e"} < samples.keys()
