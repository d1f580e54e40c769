"""Targets as rows: looked up where labels are few, filled in where they are many, and the same either way."""

from __future__ import annotations

import numpy as np
import pytest

from nn.errors import ConfigurationError
from nn.targets import FEW, rows_of


@pytest.mark.parametrize("classes", [10, FEW, FEW + 1])
def test_each_label_stands_high_in_its_own_row(classes: int) -> None:
    labels = np.array([3, 0, classes - 1, 3])
    rows = rows_of(np.zeros((4, classes), np.float32), labels, 0.01, 0.99)
    assert rows.dtype == np.float32
    assert np.array_equal(rows, np.where(np.eye(classes)[labels], 0.99, 0.01).astype(np.float32))


@pytest.mark.parametrize("classes", [10, FEW])
def test_a_label_beyond_the_classes_stands_high_nowhere(classes: int) -> None:
    rows = rows_of(np.zeros((2, classes)), np.array([classes, 1]), labels=classes + 1)
    assert not rows[0].any()
    assert np.flatnonzero(rows[1]).tolist() == [1]


@pytest.mark.parametrize("classes", [10, FEW + 1])
@pytest.mark.parametrize("label", [-1, -100, "classes", 2**40, 1.0, np.nan])
def test_what_is_no_label_is_refused(classes: int, label: object) -> None:
    labels = np.array([0, classes if label == "classes" else label])
    with pytest.raises(ConfigurationError, match=f"came with {classes} outputs; wanted .* 0 to {classes - 1}"):
        rows_of(np.zeros((2, classes)), labels)


@pytest.mark.parametrize("classes", [10, FEW + 1])
@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64, np.uint64])
def test_labels_may_be_whole_numbers_of_any_size(classes: int, kind: type[np.integer]) -> None:
    assert rows_of(np.zeros((2, classes)), np.array([3, 0], kind)).argmax(axis=1).tolist() == [3, 0]


@pytest.mark.parametrize("classes", [10, FEW + 1])
def test_no_labels_are_no_rows(classes: int) -> None:
    assert rows_of(np.zeros((0, classes)), np.zeros(0, np.int64)).shape == (0, classes)


@pytest.mark.parametrize("classes", [10, FEW + 1])
def test_rows_are_the_askers_own_to_change(classes: int) -> None:
    outputs, labels = np.zeros((2, classes)), np.array([1, 2])
    rows_of(outputs, labels)[:] = 7
    assert rows_of(outputs, labels).max() == 1
