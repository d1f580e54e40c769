from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gui.model_store import ModelStore
from gui.opener import OpenedFile
from nn.calibration import Calibration
from nn.errors import InklingError
from nn.files.weights import load_network, save_network
from nn.network import mlp
from nn.recipes import recipe

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def store() -> ModelStore:
    return ModelStore(mlp([784, 5, 10], name="first"))


def test_a_new_store_has_nothing_to_lose(store: ModelStore) -> None:
    assert (store.path, store.is_modified, store.title) == (None, False, "first")


def test_opening_swaps_and_tells(qtbot: QtBot, store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "second.safetensors"
    second = mlp([784, 7, 10], seed=3)
    save_network(second, path)
    with qtbot.waitSignals([store.changed, store.title_changed]):
        store.open(OpenedFile(path, load_network(path), is_own=True))
    assert (store.network.parameters == second.parameters).all()
    assert (store.path, store.is_modified, store.title) == (path, False, "second.safetensors")


def test_one_more_state_of_the_same_network_is_not_another(
    qtbot: QtBot, store: ModelStore, tmp_path: Path
) -> None:
    with qtbot.waitSignal(store.changed), qtbot.assertNotEmitted(store.another):
        store.replace(mlp([784, 5, 10], seed=4))
    with qtbot.waitSignal(store.another):
        store.open(OpenedFile(tmp_path / "other.safetensors", mlp([784, 5, 10]), is_own=True))
    with qtbot.waitSignal(store.another):
        store.new(mlp([784, 5, 10]))


def test_a_file_of_another_program_is_never_written_to(store: ModelStore, tmp_path: Path) -> None:
    store.open(OpenedFile(tmp_path / "params.npz", mlp([784, 10], name="params"), is_own=False))
    assert (store.path, store.is_modified, store.title) == (None, False, "params")
    with pytest.raises(InklingError, match="no file yet"):
        store.save()


def test_a_snapshot_is_modified_until_it_is_saved(qtbot: QtBot, store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    store.save(path)
    store.replace(mlp([784, 5, 10], seed=1))
    assert (store.path, store.is_modified) == (path, True)
    with qtbot.waitSignal(store.title_changed), qtbot.assertNotEmitted(store.changed):
        store.save()
    assert (store.path, store.is_modified) == (path, False)
    assert (load_network(path).parameters == mlp([784, 5, 10], seed=1).parameters).all()


def test_a_training_that_came_to_nothing_changes_nothing(store: ModelStore, tmp_path: Path) -> None:
    store.save(tmp_path / "mine.safetensors")
    kept = store.network
    for state in (kept.copy(), mlp([784, 5, 10], seed=1), kept.copy()):
        state.record = {"steps": 0}
        store.replace(state)
        assert store.is_modified is (state.seed == 1)
    assert store.network is kept
    assert store.network.record == {}


def test_another_calibration_of_the_same_weights_is_a_change(store: ModelStore) -> None:
    other = store.network.copy()
    other.calibration = Calibration(temperature=2.0)
    store.replace(other)
    assert store.is_modified


def test_an_example_is_one_again_when_training_has_come_to_nothing(store: ModelStore, tmp_path: Path) -> None:
    store.new(mlp([784, 5, 10]), is_example=True)
    is_example: list[bool] = []
    for state in (mlp([784, 5, 10], seed=1), store.network.copy()):
        store.replace(state)
        is_example.append(store.is_example)
    assert is_example == [False, True]
    store.save(tmp_path / "mine.safetensors")
    assert not store.is_example


def test_saving_without_a_file_says_what_to_do(store: ModelStore) -> None:
    with pytest.raises(InklingError, match="Save as"):
        store.save()


def test_a_failed_save_leaves_everything_as_it_was(store: ModelStore, tmp_path: Path) -> None:
    store.replace(mlp([784, 5, 10], seed=1))
    with pytest.raises(InklingError):
        store.save(tmp_path / "no such folder" / "mine.safetensors")
    assert store.is_modified
    assert store.path is None


def test_a_network_that_is_not_finite_is_not_saved_over_a_good_one(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "good.safetensors"
    store.save(path)
    good = path.read_bytes()
    broken = mlp([784, 5, 10])
    broken.parameters[0] = np.nan
    store.replace(broken)
    with pytest.raises(InklingError):
        store.save()
    assert path.read_bytes() == good


def test_a_new_network_belongs_to_no_file(qtbot: QtBot, store: ModelStore, tmp_path: Path) -> None:
    store.save(tmp_path / "mine.safetensors")
    store.replace(mlp([784, 5, 10]))
    with qtbot.waitSignal(store.changed):
        store.new(mlp([784, 6, 10], name="fresh"))
    assert (store.path, store.is_modified, store.title) == (None, False, "fresh")


def test_the_reader_says_what_the_current_network_says(store: ModelStore) -> None:
    frames = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    for network in (store.network, recipe("simple-conv-net").build(0), mlp([784, 7, 10], seed=3)):
        store.replace(network)
        reader = store.reader
        assert store.reader is reader, "it is made once"
        assert reader.is_ready == network.is_convolutional
        np.testing.assert_allclose(reader.predict(frames), network.predict(frames), atol=1e-6)
