"""How a batch is cut depends on the work, and the number of threads changes no bit."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.layers import BatchNormalization, Convolution, Dense, Dropout, Flatten, Layer, MaxPooling, ReLU
from nn.network import Network, mlp
from nn.parallel import WORTH_A_PART, WORTH_DEALING, GradientWorkers, deal, lanes_of

if TYPE_CHECKING:
    from nn.arrays import Integers


def cnn(*, normalized: bool = False, dropout: float = 0.0) -> Network:
    rng = np.random.default_rng(0)
    middle: list[Layer] = [BatchNormalization(8)] if normalized else []
    tail: list[Layer] = [Dropout(dropout)] if dropout else []
    return Network(
        [
            Convolution(1, 8, 3, padding=1, rng=rng),
            *middle,
            ReLU(),
            MaxPooling(2),
            Convolution(8, 8, 3, padding=1, rng=rng),
            ReLU(),
            Flatten(),
            *tail,
            Dense(14 * 14 * 8, 10, rng=rng),
        ],
        input_shape=(28, 28, 1),
    )


@given(samples=st.integers(1, 500))
def test_lanes_cover_a_batch_once_and_in_order(samples: int) -> None:
    for network in (mlp([784, 10]), mlp([784, 256, 10]), cnn(), cnn(normalized=True)):
        lanes = lanes_of(network, samples)
        assert [lane.start for lane in lanes] == [0, *(lane.stop for lane in lanes[:-1])]
        assert lanes[-1].stop == samples
        assert all(lane.start < lane.stop for lane in lanes)


@pytest.mark.parametrize(
    "network", [mlp([784, 256, 10], dropout=0.3), cnn(), cnn(normalized=True), cnn(dropout=0.3)]
)
def test_threads_change_no_bit(network: Network) -> None:
    rng = np.random.default_rng(1)
    x = rng.random((100, *network.input_shape), np.float32)
    labels = rng.integers(0, 10, 100)
    found = []
    for threads in (1, 2, 7):
        learner = network.copy()
        workers = GradientWorkers(learner, threads=threads, seed=4)
        results = [workers.gradient(x, labels, step) for step in range(2)]
        workers.close()
        found.append((results, learner.gradients.tobytes(), learner.values.tobytes()))
    assert found[0] == found[1] == found[2]


def test_lanes_add_up_to_the_whole_batch() -> None:
    network = cnn()
    rng = np.random.default_rng(1)
    x, labels = rng.random((100, 28, 28, 1), np.float32), rng.integers(0, 10, 100)
    assert len(lanes_of(network, 100)) > 1
    result = GradientWorkers(network, threads=1).gradient(x, labels, 0)
    in_lanes = network.gradients.copy()
    loss = network.loss.forward(network.forward(x, training=True), labels)
    network.parameter_gradients(network.loss.backward(100))
    np.testing.assert_allclose(in_lanes, network.gradients, atol=1e-5)
    assert math.isclose(result.loss, loss, rel_tol=1e-5)


def test_many_frames_are_read_the_same_by_any_number_of_threads() -> None:
    network = cnn(normalized=True)
    frames = np.random.default_rng(2).integers(0, 256, (300, 28, 28)).astype(np.uint8)
    assert network.work * len(frames) > WORTH_DEALING
    one, two, seven = (network.outputs(frames, threads=threads) for threads in (1, 2, 7))
    assert np.array_equal(one, two)
    assert np.array_equal(one, seven)


def test_what_goes_wrong_while_reading_on_threads_is_raised() -> None:
    def refuse(_: Network, piece: slice) -> None:
        raise ValueError(piece.start)

    with pytest.raises(ValueError, match="1"):
        deal(cnn(), [slice(1, 2), slice(1, 3)], refuse, 2)


@pytest.mark.parametrize("size", [0, 5, WORTH_A_PART, 5 * WORTH_A_PART + 3])
def test_parts_make_up_the_whole_for_any_number_of_threads(size: int) -> None:
    for threads in (1, 2, 7):
        workers = GradientWorkers(mlp([784, 10]), threads=threads)
        seen = np.zeros(size, np.int64)

        def count(part: slice, seen: Integers = seen) -> None:
            seen[part] += 1

        workers.in_parts(size, count)
        workers.close()
        assert (seen == 1).all()


def test_even_a_single_frame_is_read_with_one_blas_thread() -> None:
    program = (
        "import numpy as np; from threadpoolctl import threadpool_info; from nn.network import mlp;"
        "mlp([784, 10]).predict(np.zeros((1, 28, 28), np.uint8));"
        "print({pool['num_threads'] for pool in threadpool_info() if pool['user_api'] == 'blas'})"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "{1}"
