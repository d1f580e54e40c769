"""Networks of other programs are opened as those programs meant them."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.__main__ import main
from nn.data.mnist import load_mnist_test
from nn.errors import ConfigurationError, WeightsError
from nn.evaluation import evaluate
from nn.files.opening import is_older, open_network
from nn.files.weights import save_network
from nn.layers import sigmoid, softmax
from nn.network import mlp
from nn.scaling import SCALINGS, Scaling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nn.data.dataset import Dataset

RNG = np.random.default_rng(5)
W1, W2 = RNG.normal(size=(784, 12)) / 28, RNG.normal(size=(12, 10))
B1, B2 = RNG.normal(size=12), RNG.normal(size=10)
FRAMES = RNG.integers(0, 256, (5, 28, 28)).astype(np.uint8)
X = FRAMES.reshape(5, 784) / 255


def npz(path: Path, **arrays: Any) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays)


def dumped(value: object) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(pickle.dumps(value, 2))

    return write


def named(**arrays: Any) -> Callable[[Path], None]:
    return lambda path: npz(path, **arrays)


COLUMNS = [B1[:, np.newaxis], B2[:, np.newaxis]]
WAYS: dict[str, Callable[[Path], None]] = {
    "dictionary": dumped({"b2": B2, "W2": W2, "W1": W1, "b1": B1}),
    "list of weights, then biases": dumped([[W1.T, W2.T], COLUMNS]),
    "pairs": dumped([(W1.T, COLUMNS[0]), (W2.T, COLUMNS[1])]),
    "one list": dumped([W1, W2, B1, B2]),
    "dictionary of lists": dumped({"weights": [W1.T, W2.T], "biases": COLUMNS}),
    "npz W1": named(W1=W1, W2=W2, b1=B1, b2=B2),
    "npz weights_0": named(weights_0=W1.T, biases_0=B1, weights_1=W2.T, biases_1=B2),
    "npz by position": named(arr_0=W1, arr_1=B1, arr_2=W2, arr_3=B2),
    "npz of nothing else": lambda path: npz(path, weight1=np.asfortranarray(W1), bias1=B1, weight2=W2, bias2=B2),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_every_way_of_keeping_arrays_gives_the_same_network(tmp_path: Path, way: str, activation: str) -> None:
    WAYS[way](tmp_path / "file")
    network = open_network(tmp_path / "file", activation=activation, outputs="softmax")
    z = X @ W1 + B1
    hidden = sigmoid(z) if activation == "sigmoid" else np.maximum(z, 0)
    np.testing.assert_allclose(network.predict(FRAMES), softmax(hidden @ W2 + B2), atol=1e-5)
    assert network.name == "file"
    assert network.record["opened_from"] == "file"


def test_weights_without_biases_are_a_network_without_biases(tmp_path: Path) -> None:
    npz(tmp_path / "file", wih=W1.T, who=W2.T)
    network = open_network(tmp_path / "file", activation="sigmoid", scaling="0.01..1")
    hidden = sigmoid((X * 0.99 + 0.01) @ W1)
    outputs = sigmoid(hidden @ W2)
    np.testing.assert_allclose(network.predict(FRAMES), outputs / outputs.sum(axis=1, keepdims=True), atol=1e-5)
    assert network.scaling == SCALINGS["0.01..1"]
    assert "no bias" in repr(network.layers[0])


def test_biases_in_a_file_of_their_own_are_found_named_or_left_out(tmp_path: Path) -> None:
    dumped([W1.T, W2.T])(tmp_path / "weights_file")
    dumped(COLUMNS)(tmp_path / "biases_file")
    dumped([2 * B1, B2])(tmp_path / "others")
    for biases, first in ((True, B1), (tmp_path / "others", 2 * B1)):
        network = open_network(tmp_path / "weights_file", activation="sigmoid", biases=biases)
        np.testing.assert_allclose(network.tensors()["0.bias"], first, rtol=1e-6)
    without = open_network(tmp_path / "weights_file", activation="sigmoid", biases=False)
    assert "0.bias" not in without.tensors()
    with pytest.raises(WeightsError, match="biases alone; open the file of weights"):
        open_network(tmp_path / "biases_file", activation="sigmoid")


@pytest.mark.parametrize("cost", ["QuadraticCost", "CrossEntropyCost"])
def test_nielsens_json_says_everything(tmp_path: Path, cost: str) -> None:
    content = {
        "sizes": [784, 12, 10],
        "weights": [W1.T.tolist(), W2.T.tolist()],
        "biases": [column.tolist() for column in COLUMNS],
        "cost": cost,
    }
    (tmp_path / "net.json").write_text(json.dumps(content))
    network = open_network(tmp_path / "net.json")
    outputs = sigmoid(sigmoid(X * 255 / 256 @ W1 + B1) @ W2 + B2)
    np.testing.assert_allclose(network.predict(FRAMES), outputs / outputs.sum(axis=1, keepdims=True), atol=1e-5)
    assert network.loss.kind == {"QuadraticCost": "squared_error"}.get(cost, "sigmoid_cross_entropy")
    assert network.scaling == Scaling(1 / 256)
    content["sizes"] = [784, 10]
    (tmp_path / "net.json").write_text(json.dumps(content))
    with pytest.raises(WeightsError, match="its sizes are"):
        open_network(tmp_path / "net.json")


def test_what_the_arrays_do_not_say_is_asked_for(tmp_path: Path) -> None:
    WAYS["dictionary"](tmp_path / "file")
    with pytest.raises(ConfigurationError, match=r"784-12-10, .* Choose one of relu, sigmoid, tanh"):
        open_network(tmp_path / "file")
    for choice in ("activation", "outputs", "scaling"):
        with pytest.raises(ConfigurationError, match=r"'no such' is not .* choose one of"):
            open_network(tmp_path / "file", **{"activation": "relu", choice: "no such"})
    dumped({"W1": W1 @ W2})(tmp_path / "one layer")
    assert len(open_network(tmp_path / "one layer").layers) == 1


def convolved(x: Any, filters: Any, bias: Any, padding: int) -> Any:
    """Convolve pictures (n, c, h, w) with filters (f, c, h, w), slowly, the way the book lays them out."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    side, window = x.shape[2] - filters.shape[2] + 1, filters.shape[2]
    y = np.zeros((len(x), len(filters), side, side))
    for i in range(side):
        for j in range(side):
            patch = x[:, :, i : i + window, j : j + window]
            y[:, :, i, j] = np.einsum("nchw,fchw->nf", patch, filters) + bias
    return y


def pooled(x: Any) -> Any:
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))


def relu(x: Any) -> Any:
    return np.maximum(x, 0)


@pytest.mark.parametrize(("window", "padding"), [(5, 0), (3, 1), (5, 2)])
def test_simple_conv_net_reads_as_in_its_book(tmp_path: Path, window: int, padding: int) -> None:
    side = (28 + 2 * padding - window + 1) // 2
    p = {
        "W1": RNG.normal(size=(3, 1, window, window)), "b1": RNG.normal(size=3),
        "W2": RNG.normal(size=(3 * side * side, 7)) / 20, "b2": RNG.normal(size=7),
        "W3": RNG.normal(size=(7, 10)) / 3, "b3": RNG.normal(size=10),
    }  # fmt: skip
    dumped(p)(tmp_path / "params.pkl")
    seen = pooled(relu(convolved(X.reshape(5, 1, 28, 28), p["W1"], p["b1"], padding))).reshape(5, -1)
    wanted = softmax(relu(seen @ p["W2"] + p["b2"]) @ p["W3"] + p["b3"])
    np.testing.assert_allclose(open_network(tmp_path / "params.pkl").predict(FRAMES), wanted, atol=1e-4)


def test_deep_conv_net_reads_as_in_its_book(tmp_path: Path) -> None:
    p: dict[str, Any] = {}
    for number, (count, channels) in enumerate(((16, 1), (16, 16), (32, 16), (32, 32), (64, 32), (64, 64)), 1):
        p[f"W{number}"] = RNG.normal(size=(count, channels, 3, 3)) * (2 / channels / 9) ** 0.5
    p["W7"], p["W8"] = RNG.normal(size=(1024, 50)) / 22, RNG.normal(size=(50, 10)) / 5
    p |= {
        f"b{number}": RNG.normal(size=p[f"W{number}"].shape[0 if number < 7 else 1]) / 9 for number in range(1, 9)
    }
    dumped(p)(tmp_path / "deep.pkl")
    x = X.reshape(5, 1, 28, 28)
    for number, padding in enumerate((1, 1, 1, 2, 1, 1), 1):
        x = relu(convolved(x, p[f"W{number}"], p[f"b{number}"], padding))
        x = x if number % 2 else pooled(x)
    # The book's dropout halves both what it drops from when it only reads.
    logits = 0.5 * (0.5 * relu(x.reshape(5, -1) @ p["W7"] + p["b7"]) @ p["W8"] + p["b8"])
    np.testing.assert_allclose(open_network(tmp_path / "deep.pkl").predict(FRAMES), softmax(logits), atol=1e-4)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "holds no weights"),
        ({"W1": W1}, "do not lead from 784 pixels to 10 digits"),
        ({"W1": W1, "W3": W2, "b1": B1, "b2": B2}, r"weights are numbered \[1, 3\]"),
        ({"W1": W1, "W2": W2, "b1": B1, "b2": B1}, r"biases of shape \(12,\) do not fit 10 units"),
        ({"W1": W1, "W2": W2, "gamma1": B1}, "an array 'gamma1'"),
        ([W1, W2, B1], "2 weights for 1 biases"),
        ([W1 * np.nan, W2], "not a number"),
        ([W1 * 1e300, W2], "too large for weights"),
        ([W1 > 0, W2], "holds bool"),
        ([W1, "x"], "something else than lists"),
        ([np.zeros((3, 3, 3)), W2], "do not lead from"),
        (
            {"W1": np.zeros((3, 1, 5, 5)), "b1": B1[:3], "W2": np.zeros((999, 10)), "b2": B2},
            "999 inputs do not fit",
        ),
    ],
)
def test_arrays_that_make_no_network_are_told(tmp_path: Path, value: object, words: str) -> None:
    dumped(value)(tmp_path / "file")
    with pytest.raises(WeightsError, match=words) as caught:
        open_network(tmp_path / "file", activation="relu")
    assert str(tmp_path / "file") in str(caught.value)


def test_inklings_own_files_are_opened_through_the_same_door(tmp_path: Path) -> None:
    network = mlp([784, 5, 10], seed=2)
    save_network(network, tmp_path / "own")
    assert not is_older(tmp_path / "own")
    assert open_network(tmp_path / "own").parameters.tobytes() == network.parameters.tobytes()
    for name in ("nothing", ""):
        with pytest.raises(WeightsError, match=r"no such file|not a file"):
            open_network(tmp_path / name)
    (tmp_path / "noise").write_bytes(b"noise")
    with pytest.raises(WeightsError, match="no safetensors file"):
        open_network(tmp_path / "noise")


@pytest.mark.parametrize(
    "given",
    [{"activation": "foo"}, {"outputs": "softmax"}, {"scaling": "/255"}, {"biases": "b"}, {"biases": False}],
    ids=str,
)
def test_what_inklings_own_files_say_themselves_is_not_to_be_given(tmp_path: Path, given: dict[str, Any]) -> None:
    save_network(mlp([784, 5, 10]), tmp_path / "own")
    with pytest.raises(
        ConfigurationError, match=f"own cannot be opened as it is: .* Leave {next(iter(given))} out"
    ):
        open_network(tmp_path / "own", **given)


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="too long"):
        open_network(tmp_path / ("x" * 300))


@pytest.fixture(scope="module")
def mnist_test(data_folder: Path) -> Dataset:
    return load_mnist_test(data_folder / "mnist")


@pytest.mark.parametrize(
    ("file", "options", "correct"),
    [
        ("weights_file", {"activation": "sigmoid"}, 8544),
        ("weights_file", {"activation": "sigmoid", "biases": False}, 8432),
        ("sample_weight.pkl", {"activation": "sigmoid"}, 9352),
        ("params.pkl", {}, 9890),
    ],
)
def test_the_seeds_own_files_read_what_they_are_known_to(
    data_folder: Path, mnist_test: Dataset, file: str, options: dict[str, Any], correct: int
) -> None:
    assert evaluate(open_network(data_folder / "seeds" / file, **options), mnist_test).correct == correct


@pytest.mark.parametrize("options", [["--activation", "relu"], ["--no-biases"]], ids=str)
def test_what_files_of_other_programs_do_not_say_is_not_said_without_one(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["imagine", "3", *options]) == 2
    assert f"{options[0]} is for weights of another program" in capsys.readouterr().err


def test_a_command_opens_them_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dumped([W1.T, W2.T])(tmp_path / "weights_file")
    dumped(COLUMNS)(tmp_path / "biases_file")
    npz(tmp_path / "digits.npz", x_test=FRAMES, y_test=np.arange(5), x_train=FRAMES, y_train=np.arange(5))
    command = [
        "evaluate",
        "--json",
        "--data",
        str(tmp_path / "digits.npz"),
        "--weights",
        str(tmp_path / "weights_file"),
    ]
    assert main(command) == 2
    assert "Choose one of relu, sigmoid" in " ".join(capsys.readouterr().err.split())
    for more in ([], ["--no-biases"], ["--biases", str(tmp_path / "biases_file"), "--outputs", "softmax"]):
        assert main([*command, "--activation", "sigmoid", *more]) == 0
        assert json.loads(capsys.readouterr().out)["samples"] == 5


def test_weights_of_other_programs_that_answer_with_no_numbers_are_refused(tmp_path: Path) -> None:
    dumped([np.full((784, 10), 1e38), np.zeros(10)])(tmp_path / "weights")
    with pytest.raises(WeightsError, match=r"weights cannot be opened: what it answers .* infinite"):
        open_network(tmp_path / "weights")
