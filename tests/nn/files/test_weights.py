"""A network comes back from its file bit for bit, and what is none is refused with a sentence."""

from __future__ import annotations

import json
import pickle
import resource
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load, load_file, save

from nn.calibration import Calibration
from nn.compat import override
from nn.errors import FileError, WeightsError
from nn.files.container import sealed
from nn.files.weights import load_network, save_network
from nn.layers import BatchNormalization, Convolution, Dense, Flatten, MaxPooling, ReLU
from nn.losses import CrossEntropy, SquaredError
from nn.network import Network, mlp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nn.arrays import Array
    from nn.layers import Layer

NETWORKS = {
    "one layer": lambda: mlp([784, 10]),
    "deep": lambda: mlp([784, 12, 8, 10], activation="tanh", initial="xavier", seed=7, name="Ünï 7\n"),
    "with dropout": lambda: mlp([784, 12, 10], dropout=0.25),
    "with squared error": lambda: mlp([784, 6, 10], activation="sigmoid", loss=SquaredError(0.01, 0.99)),
}


def rewritten(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Change tensors and metadata of a file, and seal it again as its author would."""
    with safe_open(path, "np") as file:
        metadata = dict(file.metadata())
    tensors = dict(load_file(path))
    metadata["architecture"] = json.loads(metadata["architecture"])
    change(tensors, metadata)
    metadata["architecture"] = json.dumps(metadata["architecture"])
    path.write_bytes(sealed(save(tensors, metadata)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_network(mlp([784, 5, 10], seed=3, name="small"), tmp_path / "small.safetensors")
    return tmp_path / "small.safetensors"


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_network_comes_back_bit_for_bit(tmp_path: Path, kind: str) -> None:
    network = NETWORKS[kind]()
    network.record = {"data": "MNIST", "epochs": [{"loss": 0.1, "accuracy": 0.98}], "ö": None}
    save_network(network, tmp_path / "file")
    loaded = load_network(tmp_path / "file")
    assert loaded.parameters.tobytes() == network.parameters.tobytes()
    assert loaded.describe() == network.describe()
    assert (loaded.name, loaded.seed, loaded.record) == (network.name, network.seed, network.record)
    frames = np.random.default_rng(0).integers(0, 256, (7, 28, 28)).astype(np.uint8)
    assert loaded.predict(frames).tobytes() == network.predict(frames).tobytes()


def test_saving_again_makes_the_same_file(path: Path) -> None:
    before = path.read_bytes()
    save_network(load_network(path), path)
    assert path.read_bytes() == before


@settings(deadline=None)
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=10))
def test_every_finite_number_survives(tmp_path_factory: pytest.TempPathFactory, values: list[float]) -> None:
    # The weights of one pixel, one for each output: the sum of two of the largest would not be finite.
    network = mlp([784, 10])
    network.parameters[: len(values)] = values
    place = tmp_path_factory.getbasetemp() / "survives"
    save_network(network, place)
    assert load_network(place).parameters.tobytes() == network.parameters.tobytes()


def test_a_record_of_numpy_numbers_and_of_a_loss_that_was_none_is_kept(tmp_path: Path) -> None:
    network = mlp([784, 10])
    network.record = {"loss": float("nan"), "accuracy": np.float32(0.5), "steps": (1, 2)}  # type: ignore[dict-item]
    save_network(network, tmp_path / "file")
    assert load_network(tmp_path / "file").record == {"loss": None, "accuracy": 0.5, "steps": [1, 2]}


def test_the_tensors_can_be_read_by_other_programs(path: Path) -> None:
    tensors = load(path.read_bytes())
    assert {name: tensor.shape for name, tensor in tensors.items()} == {
        "0.weight": (784, 5),
        "0.bias": (5,),
        "2.weight": (5, 10),
        "2.bias": (10,),
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tensors, _: tensors["0.bias"].fill(np.nan), "not a number"),
        (lambda tensors, _: tensors["2.weight"].fill(np.inf), "infinite"),
        (lambda tensors, _: tensors.pop("2.bias"), "2.bias, which its architecture asks for, is missing"),
        (lambda tensors, _: tensors.update(more=np.zeros(1, np.float32)), "knows no tensor 'more'"),
        (lambda tensors, _: tensors.update({"0.bias": np.zeros(6, np.float32)}), r"0.bias has shape \(6,\)"),
        (lambda tensors, _: tensors.update({"0.bias": np.zeros(5, np.float64)}), "is float64, and weights are"),
        (lambda _, words: words.pop("seed"), "no 'seed'"),
        (lambda _, words: words.update(seed='"1"'), "seed or training record"),
        (lambda _, words: words.update(record="[]"), "seed or training record"),
        (lambda _, words: words.update(record="{"), "'record' in its metadata"),
        (lambda _, words: words.update(record="[" * 100_000), "'record' in its metadata"),
        (lambda _, words: words.update(architecture=None), "not a list of 1 to 1000 layers"),
        (lambda _, words: words["architecture"].pop("layers"), "not a list of 1 to 1000 layers"),
        (lambda _, words: words["architecture"].update(layers=[{"kind": "relu"}] * 1001), "1 to 1000 layers"),
        (lambda _, words: words["architecture"].update(layers=["relu"]), "layer 0 of its architecture"),
        (lambda _, words: words["architecture"]["layers"][1].update(kind="eval"), "layer 1 of its architecture"),
        (lambda _, words: words["architecture"]["layers"][1].update(kind=["relu"]), "layer 1 of its architecture"),
        (lambda _, words: words["architecture"]["layers"][0].update(rng=1), "layer 0 of its architecture"),
        (lambda _, words: words["architecture"]["layers"][0].update(inputs=-784), "layer 0 of its architecture"),
        (lambda _, words: words["architecture"]["layers"][0].update(inputs=2**70), "layer 0 of its architecture"),
        (lambda _, words: words["architecture"]["layers"][0].update(outputs=100_000), "architecture asks for"),
        (lambda _, words: words["architecture"].pop("loss"), "do not fit its architecture"),
        (lambda _, words: words["architecture"]["loss"].update(kind="hate"), "do not fit its architecture"),
        (lambda _, words: words["architecture"].update(input_shape=[28, 28]), "do not fit its architecture"),
        (lambda _, words: words["architecture"].update(input_shape="784"), "do not fit its architecture"),
        (lambda _, words: words["architecture"]["scaling"].update(factor=0), "do not fit its architecture"),
        (lambda _, words: words["architecture"]["scaling"].update(factor="x"), "do not fit its architecture"),
        (lambda _, words: words["architecture"]["scaling"].update(factor=1e300), "finite in float32"),
        (lambda _, words: words["architecture"]["scaling"].update(factor=1e-60), "the first not 0"),
        (lambda _, words: words["architecture"]["scaling"].update(offset=-1e39), "finite in float32"),
        (lambda _, words: words["architecture"].update(input_shape=[-784]), "wanted whole numbers from 1"),
        (lambda _, words: words["architecture"].update(input_shape=[784.9]), "wanted whole numbers from 1"),
        (lambda _, words: words["architecture"].update(input_shape=[True]), "wanted whole numbers from 1"),
        (lambda _, words: words["architecture"].update(input_shape=["784"]), "wanted whole numbers from 1"),
        (lambda _, words: words["architecture"].update(input_shape=[]), "wanted whole numbers from 1"),
        (lambda _, words: words["architecture"].update(input_shape=784), "do not fit its architecture"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None], words: str
) -> None:
    rewritten(path, change)
    with pytest.raises(WeightsError, match=words) as caught:
        load_network(path)
    assert str(path) in str(caught.value)
    assert "Choose another file" in str(caught.value)


def test_weights_that_answer_with_no_numbers_are_neither_opened_nor_saved(path: Path) -> None:
    rewritten(path, lambda tensors, _: tensors["0.weight"].fill(3e38))
    with pytest.raises(WeightsError, match=r"cannot be opened: what it answers .* is infinite or not a number"):
        load_network(path)
    before, network = path.read_bytes(), mlp([784, 10])
    network.parameters[:] = 3e38
    with pytest.raises(WeightsError, match=r"not written: what it answers .* is infinite or not a number"):
        save_network(network, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("value", [-1.0, -1e-6])
def test_a_variance_below_zero_is_neither_opened_nor_saved(path: Path, value: float) -> None:
    network = mlp([784, 5, 10], batch_normalization=True)
    save_network(network, path)
    rewritten(path, lambda tensors, _: tensors["1.running_variance"].fill(value))
    with pytest.raises(WeightsError, match="cannot be opened: layer 1 has a running variance below 0"):
        load_network(path)
    network.tensors()["1.running_variance"][2] = value
    with pytest.raises(WeightsError, match="not written: layer 1 has a running variance below 0"):
        save_network(network, path)


def test_a_network_that_takes_gigabytes_to_read_a_frame_takes_none_to_open(tmp_path: Path) -> None:
    # One weight a filter, and behind each of them a picture of eight thousand pixels a side.
    layers = [Convolution(1, 1, 1, padding=4096), Convolution(1, 1, 1, padding=4096), MaxPooling(1641)]
    layers += [Flatten(), Dense(100, 10)]
    save_network(Network(layers, input_shape=(28, 28, 1)), tmp_path / "file")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    load_network(tmp_path / "file")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 2**10  # in KB


def test_layers_that_claim_gigabytes_cost_nothing(path: Path) -> None:
    def absurd(_: dict[str, Any], words: dict[str, Any]) -> None:
        words["architecture"]["layers"] = [{"kind": "dense", "inputs": 9990, "outputs": 9990}] * 1000

    rewritten(path, absurd)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(WeightsError):
        load_network(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 2**10  # in KB
    assert time.monotonic() - start < 1


def test_a_network_that_reads_no_digits_is_neither_opened_nor_saved(path: Path) -> None:
    with pytest.raises(WeightsError, match=r"not written: .* digits need 784 and \(10,\)"):
        save_network(mlp([784, 7]), path)
    small = mlp([4, 10])

    def other(tensors: dict[str, Any], words: dict[str, Any]) -> None:
        tensors.clear()
        tensors.update(small.tensors())
        words["architecture"] = small.describe()

    rewritten(path, other)
    with pytest.raises(WeightsError, match="from 4 inputs"):
        load_network(path)


def test_weights_that_are_not_finite_are_not_saved_over_good_ones(path: Path) -> None:
    before = path.read_bytes()
    network = mlp([784, 10])
    network.parameters[5] = np.nan
    with pytest.raises(WeightsError, match="Open the last good weights"):
        save_network(network, path)
    assert path.read_bytes() == before


def test_numbers_of_another_precision_are_not_written(path: Path) -> None:
    before, network = path.read_bytes(), mlp([784, 5, 10], seed=2)
    with pytest.raises(
        WeightsError, match=r"not written: the network computes in float64, and files hold float32"
    ):
        save_network(network.astype(np.float64), path)
    assert path.read_bytes() == before
    save_network(network.astype(np.float64).astype(np.float32), path)
    assert np.array_equal(load_network(path).values, network.values)


class Doubled(ReLU):
    """A layer of a program's own, under a name that a file would take for another."""

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        return super().forward(2 * x, training=training)


class Curved(Doubled):
    """A layer of a program's own, of a kind that is not known here."""

    kind = "curved"


class Halved(CrossEntropy):
    """A loss of a program's own."""


OWN = {
    "another forward": lambda: [Doubled(), Dense(784, 10)],
    "another kind": lambda: [Curved(), Dense(784, 10)],
}


@pytest.mark.parametrize("layers", OWN.values(), ids=OWN)
def test_layers_of_a_programs_own_are_not_written_as_others(path: Path, layers: Callable[[], list[Layer]]) -> None:
    before = path.read_bytes()
    with pytest.raises(WeightsError, match="not written: the network has layers or a loss of a kind that only"):
        save_network(Network(layers()), path)
    with pytest.raises(WeightsError, match="not written: the network has layers or a loss of a kind that only"):
        save_network(Network([Dense(784, 10)], Halved()), path)
    assert path.read_bytes() == before


def test_more_layers_than_are_opened_are_not_written(path: Path) -> None:
    with pytest.raises(WeightsError, match="has 1,001 layers, and at most 1,000 are opened again"):
        save_network(Network([Dense(784, 10), *(ReLU() for _ in range(1000))]), path)


def test_a_seed_of_numpy_is_a_seed_and_half_a_one_is_none(path: Path) -> None:
    network = mlp([784, 10], seed=np.int64(3))  # type: ignore[arg-type]
    save_network(network, path)
    assert load_network(path).seed == 3
    network.seed = 0.5  # type: ignore[assignment]
    with pytest.raises(WeightsError, match=r"not written: the network has the seed 0\.5"):
        save_network(network, path)


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="folder does not exist"):
        save_network(mlp([784, 10]), tmp_path / "nowhere" / "file")


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    class Hostile:
        @override
        def __reduce__(self) -> tuple[Any, ...]:
            return (open, (str(tmp_path / "proof"), "w"))

    (tmp_path / "file").write_bytes(pickle.dumps(Hostile()))
    with pytest.raises(WeightsError, match="no safetensors file"):
        load_network(tmp_path / "file")
    assert not (tmp_path / "proof").exists()


def test_a_safetensors_file_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(save({"fc1.weight": np.zeros((10, 784), np.float32)}, {"format": "pt"}))
    with pytest.raises(WeightsError, match="another program wrote it"):
        load_network(tmp_path / "file")


def test_a_file_cut_off_or_damaged_anywhere_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for position in rng.integers(0, len(whole), 300):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << int(rng.integers(8))
        for damaged in (bytes(flipped), whole[:position]):
            path.write_bytes(damaged)
            with pytest.raises(WeightsError):
                load_network(path)


def test_loading_gives_a_network_of_its_own(path: Path) -> None:
    first, second = load_network(path), load_network(path)
    assert isinstance(first, Network)
    first.parameters[:] = 0
    assert second.parameters.any()


def test_a_convolutional_network_keeps_its_running_means(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    network = Network(
        [
            Convolution(1, 4, 3, padding=1, rng=rng),
            BatchNormalization(4),
            ReLU(),
            MaxPooling(2),
            Flatten(),
            Dense(14 * 14 * 4, 10, rng=rng),
        ],
        input_shape=(28, 28, 1),
    )
    network.values[:] += 0.5
    path = tmp_path / "cnn.safetensors"
    save_network(network, path)
    opened = load_network(path)
    assert "1.running_mean" in opened.tensors()
    assert np.array_equal(opened.values, network.values)


def test_a_calibration_comes_back_with_the_weights(tmp_path: Path, line_reader: Network) -> None:
    save_network(line_reader, tmp_path / "file")
    loaded = load_network(tmp_path / "file")
    assert loaded.calibration == line_reader.calibration == loaded.copy().calibration
    frames = np.random.default_rng(0).integers(0, 256, (4, 28, 28), np.uint8)
    read, again = line_reader.read(frames), loaded.read(frames)
    assert np.array_equal(read.probabilities, again.probabilities)
    assert np.array_equal(read.none, again.none)


def test_without_a_calibration_a_file_is_the_same_as_before_there_was_one(path: Path) -> None:
    with safe_open(path, "np") as file:
        assert "calibration" not in json.loads(file.metadata()["architecture"])
    assert load_network(path).calibration == Calibration()


@pytest.mark.parametrize(
    "calibration",
    [{"temperature": 0.0}, {"temperature": "hot"}, {"threshold": 7}, {"heat": 1}, [1, 2], 5, None],
    ids=repr,
)
def test_a_calibration_that_is_none_is_refused(path: Path, calibration: Any) -> None:
    rewritten(path, lambda _, metadata: metadata["architecture"].update(calibration=calibration))
    with pytest.raises(WeightsError, match="architecture"):
        load_network(path)
