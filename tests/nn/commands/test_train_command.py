"""`train`: a line an epoch, what is saved and when, resumed bit for bit, stopped by real signals."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.__main__ import main
from nn.data.sources import loading_digits
from nn.errors import FileError, InklingError, WeightsError
from nn.files.checkpoints import load_checkpoint, save_checkpoint
from nn.files.weights import load_network
from nn.layers import ACTIVATIONS
from nn.losses import CrossEntropy, Loss, SigmoidCrossEntropy, SquaredError
from nn.network import hidden_sizes
from nn.recipes import RECIPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nn.checkpoint import Checkpoint
    from nn.data.dataset import DigitData

pytestmark = pytest.mark.usefixtures("small_mnist")

_QUICK = ["train", "--hidden_size", "12", "8", "--batch_size", "50", "--lr", "0.1"]
_ROOT = Path(__file__).parents[3]
_FULL = Path("/dev/full")


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_epoch_is_a_line_with_errors_and_accuracy(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "network.safetensors"
    assert main([*_QUICK, "--epochs", "3", "--out", str(out)]) == 0
    captured = capsys.readouterr()
    *epochs, test = captured.out.splitlines()
    line = (
        r"Epoch \d of 3: training loss \d\.\d{4}, error \d+\.\d\d%; "
        r"validation loss \d\.\d{4}, error \d+\.\d\d%, accuracy \d+\.\d\d%( \(best\))?; \d+\.\d s"
    )
    assert len(epochs) == 3
    assert all(re.fullmatch(line, epoch) for epoch in epochs)
    assert test.startswith("MNIST test: ")
    assert "500 digits, watched by 100 others: MNIST from" in captured.err
    network = load_network(out)
    assert hidden_sizes(network) == (12, 8)
    assert network.record["test"]["samples"] == 100  # type: ignore[index, call-overload]


def test_json_is_one_object_a_line_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_QUICK, "--epochs", "2", "--json"]) == 0
    started, first, second, ended = records(capsys.readouterr().out)
    assert [record["event"] for record in (started, first, second, ended)] == [
        "started",
        "epoch",
        "epoch",
        "ended",
    ]
    assert started["steps_per_epoch"] == 10
    assert (first["epoch"], second["epoch"], second["step"]) == (1, 2, 20)
    assert ended["reason"] == "finished"
    assert ended["test"]["samples"] == 100
    assert ended["calibration"]["temperature"] != 1
    assert ended["calibration"]["threshold"] == 1  # its digits are all digits
    assert ended["out"] is None


def test_the_same_seed_gives_the_same_network_and_another_seed_another(tmp_path: Path) -> None:
    weights = []
    for number, seed in enumerate(("4", "4", "5")):
        out = tmp_path / str(number)
        assert main([*_QUICK, "--epochs", "1", "--seed", seed, "--out", str(out)]) == 0
        weights.append(load_network(out).parameters)
    np.testing.assert_array_equal(weights[0], weights[1])
    assert (weights[0] != weights[2]).any()


def test_words_may_be_joined_with_dashes_too(tmp_path: Path) -> None:
    out = tmp_path / "network"
    options = ["--hidden-size", "9", "--batch-size", "100", "--weight-decay", "0.01", "--epochs", "1"]
    assert main(["train", *options, "--out", str(out)]) == 0
    network = load_network(out)
    assert hidden_sizes(network) == (9,)
    config: Any = network.record["config"]
    assert (config["batch_size"], config["weight_decay"]) == (100, 0.01)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_losses_and_optimisers_are_chosen_by_name(activation: str, tmp_path: Path) -> None:
    out = tmp_path / "network"
    options = ["--activation", activation, "--loss", "squared_error", "--optimizer", "adam", "--lr", "0.003"]
    assert main(["train", *options, "--epochs", "1", "--dropout", "0.1", "--out", str(out)]) == 0
    kinds = [layer.kind for layer in load_network(out).layers]
    assert kinds == ["dense", activation, "dropout"] * 2 + ["dense", "sigmoid"]


def test_whatever_shapes_a_step_is_said_on_the_command_line(tmp_path: Path) -> None:
    out = tmp_path / "network"
    options = ["--optimizer", "rmsprop", "--optimizer-setting", "decay=0.9", "--optimizer_setting", "epsilon=1e-6"]
    options += [
        "--l1",
        "1e-6",
        "--largest-gradient",
        "2",
        "--warm-up",
        "0.2",
        "--halve_after",
        "3",
        "--lr",
        "0.001",
    ]
    assert main(["train", *options, "--epochs", "1", "--out", str(out)]) == 0
    config: Any = load_network(out).record["config"]
    assert config["optimizer_settings"] == {"decay": 0.9, "epsilon": 1e-6}
    assert [config[name] for name in ("l1", "largest_gradient", "warm_up", "halve_after")] == [1e-6, 2.0, 0.2, 3]


@pytest.mark.parametrize(
    ("options", "loss"),
    [
        (["--smoothing", "0.1"], CrossEntropy(smoothing=0.1)),
        (["--loss", "sigmoid_cross_entropy", "--smoothing", "0.1"], SigmoidCrossEntropy(smoothing=0.1)),
        (["--loss", "squared_error", "--reduction", "sum"], SquaredError(reduction="sum")),
    ],
    ids=str,
)
def test_a_loss_takes_its_settings(options: list[str], loss: Loss, tmp_path: Path) -> None:
    out = tmp_path / "network"
    assert main([*_QUICK, *options, "--epochs", "1", "--out", str(out)]) == 0
    assert repr(load_network(out).loss) == repr(loss)


@pytest.mark.parametrize("initial", [["--initial", "-0.5..0.5"], ["--initial=-.5..0.5"]], ids=str)
def test_initial_weights_may_be_a_range_that_begins_below_0(initial: list[str], tmp_path: Path) -> None:
    out = tmp_path / "network"
    assert main([*_QUICK, *initial, "--lr", "1e-12", "--epochs", "1", "--out", str(out)]) == 0
    weights = load_network(out).tensors()["0.weight"]
    assert -0.5 <= weights.min() < -0.49
    assert 0.49 < weights.max() <= 0.5


def test_a_network_without_biases_and_with_normalisation(tmp_path: Path) -> None:
    out = tmp_path / "network"
    options = ["--no-bias", "--batch-normalization", "--initial=-0.05..0.05", "--activation", "leaky_relu"]
    assert main([*_QUICK, *options, "--epochs", "1", "--out", str(out)]) == 0
    network = load_network(out)
    assert [layer.kind for layer in network.layers][:3] == ["dense", "batch_normalization", "leaky_relu"]
    assert "0.bias" not in network.tensors()


@pytest.mark.parametrize(
    "options",
    [
        ["--loss", "squared_error", "--smoothing", "0.1"],
        ["--reduction", "sum"],
        ["--optimizer-setting", "mu=0.9"],
        ["--optimizer", "momentum", "--optimizer-setting", "mu=2"],
        ["--optimizer", "momentum", "--optimizer-setting", "mu"],
        ["--initial=1..0"],
        ["--warm-up", "1"],
        ["--largest-gradient", "0"],
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_QUICK, *options]) == 2
    assert capsys.readouterr().err


def test_no_hidden_layer_is_a_network_too(tmp_path: Path) -> None:
    out = tmp_path / "network"
    assert main(["train", "--hidden_size", "--epochs", "1", "--out", str(out)]) == 0
    assert hidden_sizes(load_network(out)) == ()


def test_patience_stops_early_and_says_which_epoch_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    # A rate too small to change anything: no epoch is better than the first.
    assert main([*_QUICK, "--patience", "2", "--lr", "1e-12", "--json"]) == 0
    captured = capsys.readouterr()
    ended = records(captured.out)[-1]
    assert ended["reason"] == "early"
    assert (ended["epoch"], ended["best_epoch"]) == (3, 1)
    assert "Stopped early" in captured.err


def test_diverged_training_is_told_and_saves_nothing_that_was_never_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "network"
    assert main([*_QUICK, "--lr", "1e12", "--out", str(out)]) == 1
    assert "diverged at step" in capsys.readouterr().err
    assert not out.exists()


def test_training_that_diverges_late_leaves_its_last_sound_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Weight decay times rate is 3: each step turns a weight w into -2 w, which overflows after some 128 steps.
    out = tmp_path / "network"
    options = ["--hidden_size", "--weight_decay", "10", "--lr", "0.3", "--batch_size", "50", "--epochs", "40"]
    assert main(["train", *options, "--out", str(out)]) == 1
    captured = capsys.readouterr()
    assert "diverged at step" in captured.err
    epochs = captured.out.count("Epoch")
    assert 1 < epochs < 40
    assert len(load_network(out).record["epochs"]) == epochs  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["--out", "--checkpoint"])
def test_a_place_that_cannot_be_written_is_told_before_training(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*_QUICK, option, str(tmp_path / "nowhere" / "file")]) == 1
    captured = capsys.readouterr()
    assert "nowhere" in captured.err
    assert captured.out == ""
    assert main([*_QUICK, option, str(tmp_path)]) == 1
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "file", "--checkpoint", "file"],
        ["--out", "file", "--checkpoint", "folder/../file"],
        ["--out", "link", "--checkpoint", "file"],
        ["--out", "curves.png", "--plot", "curves.png"],
        ["--checkpoint", "curves.png", "--plot", "curves.png"],
        ["--data", "file", "--out", "file"],
        ["--resume", "file", "--checkpoint", "other", "--out", "file"],
        ["--resume", "file", "--out", "file"],
    ],
    ids=" ".join,
)
def test_no_file_that_is_written_may_be_another_of_the_training(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"before")
    (tmp_path / "link").symlink_to("file")
    assert main(["train", *options]) == 2
    assert "choose two names" in capsys.readouterr().err
    assert (tmp_path / "file").read_bytes() == b"before"


def test_a_resumed_training_takes_its_settings_from_the_checkpoint_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*_QUICK, "--resume", str(tmp_path / "checkpoint")]) == 2
    assert "--hidden-size is told by the checkpoint" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["digits.npz", "synthetic.npz"])
def test_what_was_begun_on_a_file_asks_for_that_file_again(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digits, checkpoint = tmp_path / name, tmp_path / "checkpoint"
    some = next(iter(_small_digits())).training
    np.savez(digits, x_train=some.images, y_train=some.labels)
    assert main([*_QUICK, "--data", str(digits), "--epochs", "1", "--checkpoint", str(checkpoint)]) == 0
    assert main(["train", "--resume", str(checkpoint)]) == 2
    assert f"give --data with those it was begun on ({name})" in " ".join(capsys.readouterr().err.split())
    assert main(["train", "--resume", str(checkpoint), "--data", str(digits)]) == 0


@pytest.mark.parametrize("name", ["digits", "x" * 300], ids=["short", "too long"])
def test_a_file_of_digits_that_is_not_there_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_QUICK, "--data", name]) == 2
    assert f"{name!r} is no source of digits" in capsys.readouterr().err


def test_mnist_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INKLING_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main([*_QUICK, "--data", "mnist"]) == 1
    assert "MNIST is not on this computer" in capsys.readouterr().err


def test_pen_digits_that_are_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nn.data.locations.user_cache_path", lambda *_, **__: tmp_path)
    assert main(["train", "--recipe", "house"]) == 1
    told = capsys.readouterr().err
    assert "pendigits/pendigits-orig.tra is not on this computer." in told
    assert "put it in the folder that INKLING_DATA names" in told


@pytest.mark.parametrize("error", [FileError, WeightsError])
def test_a_checkpoint_that_cannot_be_written_does_not_end_the_training(
    error: type[InklingError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def disk_is_full(*_: object) -> None:
        raise error("The disk is full.")

    monkeypatch.setattr("nn.commands.train.save_checkpoint", disk_is_full)
    out = tmp_path / "network"
    options = ["--epochs", "2", "--out", str(out), "--checkpoint", str(tmp_path / "c")]
    assert main([*_QUICK, *options]) == 1
    assert capsys.readouterr().err.count("The disk is full.") == 2
    assert load_network(out).record["steps"] == 20


def test_a_checkpoint_that_would_be_too_large_is_told_before_the_training_which_does_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The network takes 40 kB, a checkpoint with what Adam remembers five times as much.
    monkeypatch.setattr("nn.files.container.SIZE_LIMIT", 100_000)
    out, checkpoint = tmp_path / "network", tmp_path / "checkpoint"
    options = ["--epochs", "2", "--optimizer", "adam", "--out", str(out), "--checkpoint", str(checkpoint)]
    assert main([*_QUICK, *options]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith("The training does without a checkpoint.")
    assert told.count("are not opened again") == 1
    assert load_network(out).record["steps"] == 20
    assert not checkpoint.exists()


def test_a_network_that_would_be_too_large_is_told_before_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nn.files.container.SIZE_LIMIT", 10_000)
    assert main([*_QUICK, "--out", str(tmp_path / "network")]) == 1
    captured = capsys.readouterr()
    assert "are not opened again. Use a smaller network." in " ".join(captured.err.split())
    assert captured.out == ""


# Real processes from here on: signals and pipes are not what a function call has.


def process(*arguments: str, stdout: int | IO[str] = subprocess.PIPE, **settings: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-m", "nn", *arguments]
    return subprocess.Popen(command, cwd=_ROOT, stdout=stdout, stderr=subprocess.PIPE, text=True, **settings)


def interrupted(arguments: Sequence[str], signal_number: int, **settings: Any) -> tuple[int, str, str]:
    """Run, send a signal a moment after the first epoch, return exit code, output and error output."""
    with process(*arguments, **settings) as running:
        assert running.stdout is not None
        seen = running.stdout.readline() + running.stdout.readline()
        time.sleep(0.05)
        running.send_signal(signal_number)
        out, err = running.communicate(timeout=30)
    return running.returncode, seen + out, err


_LONG_IN_WORDS = ["train", "--hidden_size", "30", "--batch_size", "5", "--lr", "0.05"]
_LONG = [*_LONG_IN_WORDS, "--json"]


def test_ctrl_c_saves_what_there_is_and_the_rest_is_resumed_bit_for_bit(tmp_path: Path) -> None:
    whole, stopped, resumed = (tmp_path / name for name in ("whole", "stopped", "resumed"))
    checkpoint = tmp_path / "checkpoint"
    options = [*_LONG, "--epochs", "40", "--optimizer", "momentum"]
    code, out, err = interrupted([*options, "--out", str(stopped), "--checkpoint", str(checkpoint)], signal.SIGINT)
    assert code == 130, err
    assert records(out)[-1]["reason"] == "stopped"
    assert "Stopped after step" in err
    assert "Traceback" not in err
    step = load_checkpoint(checkpoint).progress.step
    assert 100 <= step < 4000
    np.testing.assert_array_equal(load_network(stopped).parameters, load_checkpoint(checkpoint).network.parameters)
    options_again = ["--resume", str(checkpoint), "--checkpoint", os.path.relpath(checkpoint)]
    assert main(["train", *options_again, "--out", str(resumed)]) == 0
    assert main([*options, "--out", str(whole)]) == 0
    np.testing.assert_array_equal(load_network(resumed).parameters, load_network(whole).parameters)
    assert load_checkpoint(checkpoint).progress.epochs_done == 40


@pytest.mark.skipif(os.name != "posix", reason="a request to end is a POSIX signal")
def test_a_request_to_end_saves_too(tmp_path: Path) -> None:
    out = tmp_path / "network"
    code, _, err = interrupted([*_LONG, "--epochs", "5000", "--out", str(out)], signal.SIGTERM)
    assert code == 143, err
    assert load_network(out).record["steps"]


@pytest.mark.skipif(os.name != "posix", reason="ignored signals are inherited on POSIX")
def test_a_training_in_the_background_goes_on_when_ctrl_c_is_for_another(tmp_path: Path) -> None:
    # As a script does for `command &`.
    def ignore() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    options = [*_LONG, "--epochs", "20", "--out", str(tmp_path / "network")]
    code, out, err = interrupted(options, signal.SIGINT, preexec_fn=ignore)
    assert code == 0, err
    assert records(out)[-1]["reason"] == "finished"


@pytest.mark.parametrize("options", [_LONG, _LONG_IN_WORDS], ids=["for machines", "for people"])
def test_a_reader_that_goes_away_ends_the_training_with_the_network_saved(
    options: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "network"
    with process(*options, "--epochs", "5000", "--out", str(out)) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.readline()
        running.stdout.close()
        err = running.stderr.read()
        assert running.wait(timeout=30) == 141
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    assert load_network(out).record["steps"]


@pytest.mark.skipif(not _FULL.exists(), reason="needs /dev/full to meet a really full disk")
def test_an_output_that_cannot_be_written_ends_the_training_with_the_network_saved(tmp_path: Path) -> None:
    out = tmp_path / "network"
    with _FULL.open("w") as full, process(*_LONG_IN_WORDS, "--out", str(out), stdout=full) as running:
        _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "inkling: the output could not be written: No space left on device." in err
    assert "Traceback" not in err
    assert load_network(out).record["steps"]


def test_a_recipe_tells_network_digits_and_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(RECIPES["synthetic-mlp"], digits=lambda _: next(iter(_small_digits())))
    monkeypatch.setitem(RECIPES, "synthetic-mlp", small)
    out = tmp_path / "made.safetensors"
    assert main(["train", "--recipe", "synthetic-mlp", "--epochs", "1", "--out", str(out)]) == 0
    assert hidden_sizes(load_network(out)) == (128,)
    assert "Epoch 1 of 1" in capsys.readouterr().out
    assert main(["train", "--recipe", "synthetic-mlp", "--hidden-size", "5"]) == 2
    assert "told by the recipe" in capsys.readouterr().err


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Train by a recipe; return the checkpoint of the first epoch and the network after the second."""
    first, latest, whole = (tmp_path / name for name in ("first", "latest", "whole"))

    def save_and_keep_the_first(checkpoint: Checkpoint, path: Path) -> None:
        save_checkpoint(checkpoint, path)
        if not first.exists():
            shutil.copy(path, first)

    monkeypatch.setattr("nn.commands.train.save_checkpoint", save_and_keep_the_first)
    options = ["--recipe", "make-your-own", "--epochs", "2", "--seed", "3"]
    assert main(["train", *options, "--checkpoint", str(latest), "--out", str(whole)]) == 0
    assert load_checkpoint(first).progress.epochs_done == 1
    return first, whole


@pytest.mark.parametrize("again", [[], ["--recipe", "make-your-own"]], ids=["unnamed", "named again"])
def test_what_a_recipe_began_goes_on_bit_for_bit(
    again: list[str], begun: tuple[Path, Path], tmp_path: Path
) -> None:
    first, whole = begun
    assert main(["train", "--resume", str(first), *again, "--out", str(tmp_path / "resumed")]) == 0
    assert (tmp_path / "resumed").read_bytes() == whole.read_bytes()
    assert load_checkpoint(first).recipe == "make-your-own"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--recipe", "two-layer-net"], "begun with the recipe 'make-your-own', not 'two-layer-net'"),
        (["--data", "synthetic"], "begun with the recipe 'make-your-own'; leave --data out"),
    ],
    ids=str,
)
def test_what_a_recipe_began_goes_on_with_nothing_else(
    options: list[str], told: str, begun: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--resume", str(begun[0]), *options]) == 2
    assert told in capsys.readouterr().err


def test_a_checkpoint_that_names_no_recipe_goes_on_with_the_one_given(
    begun: tuple[Path, Path], tmp_path: Path
) -> None:
    first, whole = begun
    save_checkpoint(replace(load_checkpoint(first), recipe=""), first)
    options = ["--recipe", "make-your-own", "--out", str(tmp_path / "resumed")]
    assert main(["train", "--resume", str(first), *options]) == 0
    assert (tmp_path / "resumed").read_bytes() == whole.read_bytes()


def test_a_checkpoint_of_a_recipe_that_is_not_known_is_refused(
    begun: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    save_checkpoint(replace(load_checkpoint(begun[0]), recipe="of tomorrow"), begun[0])
    assert main(["train", "--resume", str(begun[0])]) == 2
    assert "There is no recipe 'of tomorrow'" in capsys.readouterr().err


def _small_digits() -> Iterator[DigitData]:
    for progress in loading_digits("synthetic", training=200, validation=50):
        if progress.data is not None:
            yield progress.data
