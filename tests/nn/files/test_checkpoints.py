"""A training comes back from its file and goes on as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save

from nn.data.dataset import Dataset, DigitData
from nn.errors import WeightsError
from nn.files.checkpoints import load_checkpoint, save_checkpoint
from nn.files.container import sealed
from nn.files.weights import load_network, save_network
from nn.network import mlp
from nn.optimizers import OPTIMIZERS
from nn.training import Training, TrainingConfig, train

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def digits() -> DigitData:
    frames = np.random.default_rng(0).integers(0, 256, (60, 28, 28)).astype(np.uint8)
    dataset = Dataset(frames, (np.arange(60) % 10).astype(np.uint8), "noise")
    return DigitData(dataset, dataset.subset(slice(20)), None, "noise")


def training(optimizer: str) -> Training:
    config = TrainingConfig(epochs=4, batch_size=10, optimizer=optimizer, rate=0.01, threads=1)
    return train(mlp([784, 8, 10], dropout=0.2, batch_normalization=True, seed=1), digits(), config)


def after(steps: int, optimizer: str = "adam") -> Training:
    begun = training(optimizer)
    for _ in begun:
        if begun.step == steps:
            return begun
    return begun


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_checkpoint(after(8).checkpoint(), tmp_path / "file")
    return tmp_path / "file"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("steps", [1, 6, 8])
def test_a_training_resumed_from_a_file_ends_with_the_same_bits(
    tmp_path: Path, optimizer: str, steps: int
) -> None:
    whole = training(optimizer)
    events = list(whole)
    save_checkpoint(after(steps, optimizer).checkpoint(), tmp_path / "file")
    checkpoint = load_checkpoint(tmp_path / "file")
    resumed = train(checkpoint.network.copy(), digits(), checkpoint.config, checkpoint=checkpoint)
    last_events = list(resumed)
    assert resumed.network.parameters.tobytes() == whole.network.parameters.tobytes()
    assert last_events[1:] == events[-len(last_events) + 1 :]


def test_a_rate_given_as_a_whole_number_comes_back(tmp_path: Path) -> None:
    begun = train(mlp([784, 10]), digits(), TrainingConfig(rate=1))
    save_checkpoint(begun.checkpoint(), tmp_path / "file")
    assert load_checkpoint(tmp_path / "file").progress.rate == 1


@pytest.mark.parametrize("vector", ["parameters", "best", "safe", "optimizer"])
def test_every_vector_comes_back_bit_for_bit(path: Path, vector: str) -> None:
    before, found = after(8).checkpoint(), load_checkpoint(path)
    if vector == "parameters":
        assert found.network.parameters.tobytes() == before.network.parameters.tobytes()
        return
    names = [name for name in before.vectors if name.startswith(vector)]
    assert names
    for name in names:
        assert found.vectors[name].tobytes() == before.vectors[name].tobytes()


def test_the_recipe_comes_back_and_an_older_file_has_none(path: Path) -> None:
    save_checkpoint(replace(load_checkpoint(path), recipe="nielsen-30"), path)
    assert load_checkpoint(path).recipe == "nielsen-30"
    with safe_open(path, "np") as file:
        metadata = {key: value for key, value in file.metadata().items() if key != "recipe"}
    path.write_bytes(sealed(save(load_file(path), metadata)))
    assert load_checkpoint(path).recipe == ""


def test_a_recipe_that_is_no_name_is_refused(path: Path) -> None:
    with safe_open(path, "np") as file:
        metadata = dict(file.metadata())
    path.write_bytes(sealed(save(load_file(path), metadata | {"recipe": "7"})))
    with pytest.raises(WeightsError, match="the name of its recipe is damaged"):
        load_checkpoint(path)


def test_weights_are_no_checkpoint_and_a_checkpoint_is_no_weights(path: Path) -> None:
    with pytest.raises(WeightsError, match="'checkpoint', and 'weights' was wanted"):
        load_network(path)
    save_network(mlp([784, 10]), path)
    with pytest.raises(WeightsError, match="'weights', and 'checkpoint' was wanted"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("progress", lambda value: value.pop("step"), "where the training stands"),
        ("progress", lambda value: value.update(step=-1), "in numbers from 0"),
        ("progress", lambda value: value.update(step=1.5), "in numbers from 0"),
        ("progress", lambda value: value.update(rate=None), "in numbers from 0"),
        ("progress", lambda value: value.update(history=[1]), "history of epochs"),
        ("progress", lambda value: value.update(best_epoch=7), "as long as its epochs"),
        ("progress", lambda value: value.update(epochs_done=0), "as long as its epochs"),
        ("progress", lambda value: value.update(rate=0), "the rate above it"),
        ("progress", lambda value: value.update(samples=True), "in numbers from 0"),
        ("progress", lambda value: value.update(step=6, samples=0), "0 samples in the one under way"),
        ("progress", lambda value: value.update(step=80), "After step 80 it tells of 1 epochs"),
        ("progress", lambda value: value.update(step=5), "After step 5 it tells of 1 epochs"),
        ("progress", lambda value: value.update(correct=21), "21 right readings of 20 samples"),
        ("progress", lambda value: value.update(best_epoch=0), "another of them is the best"),
        ("progress", lambda value: value.update(history=[{}]), "history of epochs"),
        ("progress", lambda value: value["history"][0].update(validation_loss=[1]), "history of epochs"),
        ("progress", lambda value: value["history"][0].update(validation_accuracy="x"), "history of epochs"),
        ("progress", lambda value: value["history"][0].update(is_best=1), "history of epochs"),
        ("progress", lambda value: value["history"][0].update(more=0), "history of epochs"),
        ("progress", lambda value: value["history"][0].update(step=5), "does not have 6 steps"),
        ("config", lambda value: value.update(batch_size=2.5), "batch_size = 2.5; wanted a whole number"),
        ("config", lambda value: value.update(epochs=2.5), "epochs = 2.5; wanted a whole number"),
        ("config", lambda value: value.update(halve_after=1.5), "halve_after = 1.5; wanted a whole number"),
        ("config", lambda value: value.update(batch_size=11), "samples in the one under way"),
        ("config", lambda value: value.update(epochs=0), "cannot go on"),
        ("config", lambda value: value.update(epochs="4"), "cannot go on"),
        ("config", lambda value: value.update(more=0), "cannot go on"),
        ("config", lambda value: value.update(optimizer="momentum"), "cannot go on"),
        ("data", lambda value: value.clear(), "which digits"),
        ("data", lambda value: value.update(name=5), "which digits"),
        ("data", lambda value: value.update(samples="x"), "which digits"),
        ("data", lambda value: value.update(samples=0), "from no digits"),
        ("architecture", lambda value: value["layers"].pop(), "its architecture asks for float32"),
        ("architecture", lambda value: value.clear(), "layers"),
    ],
)
def test_a_checkpoint_that_contradicts_itself_is_refused(
    path: Path, key: str, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    with safe_open(path, "np") as file:
        metadata = dict(file.metadata())
    value = json.loads(metadata[key])
    change(value)
    path.write_bytes(sealed(save(load_file(path), metadata | {key: json.dumps(value)})))
    with pytest.raises(WeightsError, match=words) as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_checkpoint_with_numbers_that_are_none_is_refused(path: Path, value: float) -> None:
    with safe_open(path, "np") as file:
        metadata = dict(file.metadata())
    tensors = dict(load_file(path))
    tensors["best"][3] = value
    path.write_bytes(sealed(save(tensors, metadata)))
    with pytest.raises(WeightsError, match="not finite"):
        load_checkpoint(path)


def test_a_training_in_another_precision_is_not_written(path: Path) -> None:
    before = path.read_bytes()
    begun = train(mlp([784, 10]).astype(np.float64), digits(), TrainingConfig())
    with pytest.raises(WeightsError, match="not written: the network computes in float64"):
        save_checkpoint(begun.checkpoint(), path)
    assert path.read_bytes() == before


def test_numbers_that_are_none_are_not_written(path: Path) -> None:
    before, checkpoint = path.read_bytes(), after(8).checkpoint()
    checkpoint.vectors["safe"][3] = np.inf
    with pytest.raises(WeightsError, match="not written: safe of the training holds a number"):
        save_checkpoint(checkpoint, path)
    assert path.read_bytes() == before
