"""The profile of a step: it must be the step that training takes, with all its parts, and leave nothing behind."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from nn.data.dataset import DigitData
from nn.data.synthetic import synthetic_dataset
from nn.errors import ConfigurationError
from nn.events import StepTaken
from nn.layers import BatchNormalization, Convolution, Dense, Flatten, MaxPooling, ReLU
from nn.network import Network, mlp
from nn.profiling import DIGITS, JOINING, LOSS, UPDATE, WARM_UP, profile
from nn.training import train
from nn.training_config import TrainingConfig

CONFIG = TrainingConfig(batch_size=100, optimizer="adam", rate=1e-3, weight_decay=1e-3)


def small_cnn() -> Network:
    rng = np.random.default_rng(0)
    layers = [
        Convolution(1, 8, 3, rng=rng),
        BatchNormalization(8),
        ReLU(),
        MaxPooling(2),
        Flatten(),
        Dense(13 * 13 * 8, 10, rng=rng),
    ]
    return Network(layers, input_shape=(28, 28, 1))


@pytest.mark.parametrize("sizes", [[784, 20, 10], [784, 200, 200, 10]])
def test_the_steps_profiled_are_bit_for_bit_those_of_a_training(sizes: list[int]) -> None:
    profiled, trained = mlp(sizes), mlp(sizes)
    profile(profiled, CONFIG, steps=4)
    digits = synthetic_dataset(500, seed=CONFIG.seed)
    training = train(trained, DigitData(digits, digits, None, "synthetic"), CONFIG)
    list(islice((event for event in training if isinstance(event, StepTaken)), WARM_UP + 4))
    training.close()
    assert (profiled.parameters == trained.parameters).all()


def test_every_layer_and_what_is_done_beside_them_has_its_time() -> None:
    network = small_cnn()
    found = profile(network, CONFIG, steps=2)
    names = [part.name for part in found.parts]
    layers = [f"{at} {layer!r}" for at, layer in enumerate(network.layers)]
    assert names == [DIGITS, *layers, LOSS, JOINING, UPDATE]
    assert all(part.seconds > 0 for part in found.parts)
    assert sum(part.parameters for part in found.parts) == network.parameters.size
    assert sum(found.by_phase.values()) == pytest.approx(found.seconds)


def test_matrix_products_are_a_part_of_the_time_of_layers_that_multiply() -> None:
    found = profile(small_cnn(), CONFIG, steps=2)
    (relu,) = (part for part in found.parts if "ReLU" in part.name)
    assert relu.matmul == 0
    multiplying = [part for part in found.parts if "Convolution" in part.name or "Dense" in part.name]
    assert len(multiplying) == 2
    for part in multiplying:
        assert 0 < part.matmul < part.seconds
    assert 0 < found.matmul < found.seconds


def test_small_products_of_dense_layers_are_counted_too() -> None:
    found = profile(mlp([784, 30, 10]), CONFIG, steps=2)
    dense = [part for part in found.parts if "Dense" in part.name]
    assert len(dense) == 2
    for part in dense:
        assert part.matmul > part.seconds / 10


def test_numpy_is_put_back_as_it_was_even_where_a_profile_fails() -> None:
    before = np.matmul, np.dot
    has_too_few_outputs = mlp([784, 2])
    with pytest.raises(ConfigurationError, match="came with 2 outputs"):
        profile(has_too_few_outputs, CONFIG, steps=1)
    assert (np.matmul, np.dot) == before


def test_augmentation_counts_with_the_digits() -> None:
    plain = profile(mlp([784, 10]), CONFIG, steps=10)
    config = TrainingConfig(batch_size=100, augmentation="strong")
    augmented = profile(mlp([784, 10]), config, steps=10)
    assert augmented.by_phase[DIGITS] > 2 * plain.by_phase[DIGITS]
