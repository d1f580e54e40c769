from __future__ import annotations

import numpy as np

from nn.layers.workspace import Workspace

LIKE = np.zeros(0, np.float32)


def test_the_same_name_and_shape_is_the_same_array() -> None:
    room = Workspace()
    assert room.array("y", (3, 4), LIKE) is room.array("y", (3, 4), LIKE)
    assert room.array("y", (3, 4), LIKE).dtype == np.float32


def test_a_smaller_shape_lies_where_the_larger_one_lay() -> None:
    room = Workspace()
    large, small = room.array("y", (3, 4), LIKE), room.array("y", (2, 2), LIKE)
    assert np.shares_memory(large, small)
    assert room.array("y", (3, 4), LIKE) is large


def test_a_larger_shape_gets_new_memory_and_the_old_is_let_go() -> None:
    room = Workspace()
    small, other = room.array("y", (2, 2), LIKE), room.array("x", (2, 2), LIKE)
    large = room.array("y", (5, 5), LIKE)
    assert not np.shares_memory(small, large)
    assert np.shares_memory(room.array("y", (2, 2), LIKE), large)
    assert room.array("x", (2, 2), LIKE) is other


def test_another_type_gets_new_memory() -> None:
    room = Workspace()
    single, double = room.array("y", (2,), LIKE), room.array("y", (2,), LIKE, np.float64)
    assert [array.dtype.name for array in (single, double)] == ["float32", "float64"]
    assert room.array("y", (2,), LIKE).dtype == np.float32


def test_what_is_beside_never_lies_in_the_same_memory() -> None:
    room = Workspace()
    here = np.zeros((4, 4), np.float32)
    seen = set()
    for shape in ((4, 4), (2, 8), (30, 30), (4, 4), (1, 1), (50, 50), (4, 4)) * 3:
        there = room.beside(here, shape)
        assert there.shape == shape
        assert not np.shares_memory(here, there)
        here = there.reshape(-1, 1)  # as a layer passes it on that only changes the shape
        seen.add(id(there.base))
    assert len(seen) <= 6, "two, each of them renewed when it became too small"
