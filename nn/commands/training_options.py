"""What a person may decide about a training on the command line, and what is taken where nothing is said."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn.commands.arguments import (
    add_json,
    add_spelled,
    check_writable,
    from_zero,
    not_negative,
    positive,
    share,
    whole_number,
)
from nn.data.augmentation import AUGMENTATIONS
from nn.data.sources import SOURCES
from nn.errors import ConfigurationError
from nn.initializers import RULES
from nn.losses import LOSSES
from nn.network import mlp
from nn.optimizers import OPTIMIZERS
from nn.recipes import RECIPES
from nn.schedules import SCHEDULES
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from nn.initializers import Initial
    from nn.network import Network

_DEFAULTS = TrainingConfig()
_NETWORK: dict[str, Any] = {
    "hidden_size": [50, 50],
    "activation": "relu",
    "initial": None,
    "loss": "cross_entropy",
    "dropout": 0.0,
}
_CONFIG = {
    "epochs": "epochs",
    "batch_size": "batch_size",
    "lr": "rate",
    "optimizer": "optimizer",
    "schedule": "schedule",
    "weight_decay": "weight_decay",
    "augment": "augmentation",
    "patience": "patience",
    "seed": "seed",
}
"""Options of the command line by the field of `TrainingConfig` that they set."""
ACTIVATIONS = ("relu", "sigmoid", "tanh")


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    # Options that are not given are left out of the result: with --resume, giving one is a mistake.
    parser.argument_default = argparse.SUPPRESS
    _configure_network(parser.add_argument_group("network"))
    _configure_training(parser.add_argument_group("training"))
    _configure_files(parser.add_argument_group("data and files"))
    parser.description = (
        "Train a network on digits, a line an epoch. "
        "Ctrl-C ends it after the step at work and saves what there is."
    )


def _configure_network(group: argparse._ArgumentGroup) -> None:
    add_spelled(
        group, "hidden_size", nargs="*", type=whole_number, metavar="UNITS", help="hidden layers (default: 50 50)"
    )
    group.add_argument("--activation", choices=ACTIVATIONS, help="behind each hidden layer (default: relu)")
    group.add_argument(
        "--initial",
        type=_initial,
        metavar="RULE",
        help=f"initial weights: {', '.join(RULES)}, or a standard deviation (default: he for relu, else xavier)",
    )
    group.add_argument("--loss", choices=tuple(LOSSES), help="what is made small (default: cross_entropy)")
    group.add_argument(
        "--dropout", type=share, metavar="SHARE", help="of each hidden layer's units, while training (default: 0)"
    )


def _configure_training(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--epochs", type=whole_number, metavar="N", help=f"(default: {_DEFAULTS.epochs})")
    add_spelled(
        group,
        "batch_size",
        type=whole_number,
        metavar="N",
        help=f"samples a step (default: {_DEFAULTS.batch_size})",
    )
    group.add_argument(
        "--lr", "--rate", type=positive, metavar="RATE", help=f"learning rate (default: {_DEFAULTS.rate})"
    )
    group.add_argument("--optimizer", choices=tuple(OPTIMIZERS), help=f"(default: {_DEFAULTS.optimizer})")
    group.add_argument(
        "--schedule", choices=tuple(SCHEDULES), help=f"of the learning rate (default: {_DEFAULTS.schedule})"
    )
    add_spelled(group, "weight_decay", type=not_negative, metavar="L2", help="on weights, not biases (default: 0)")
    group.add_argument(
        "--augment", choices=tuple(AUGMENTATIONS), help=f"vary each digit (default: {_DEFAULTS.augmentation})"
    )
    group.add_argument(
        "--patience",
        type=whole_number,
        metavar="N",
        help="stop after N epochs without a better validation, and keep the best network",
    )
    group.add_argument(
        "--seed",
        type=from_zero,
        metavar="N",
        help="of initial weights, order, augmentation and synthetic digits (default: 0)",
    )


def _configure_files(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--recipe",
        choices=tuple(RECIPES),
        default=None,
        help="a network, its digits and its training by name; options of training given beside it come first",
    )
    group.add_argument(
        "--data",
        choices=SOURCES,
        default=None,
        help="auto (default): MNIST, in INKLING_DATA or the cache folder, if it is there, else synthetic digits",
    )
    group.add_argument(
        "--out", metavar="FILE", type=Path, default=None, help="save the network here (.safetensors)"
    )
    group.add_argument(
        "--checkpoint",
        metavar="FILE",
        type=Path,
        default=None,
        help="write all that is needed to go on here, after each epoch and at Ctrl-C",
    )
    group.add_argument(
        "--resume",
        metavar="FILE",
        type=Path,
        default=None,
        help="go on from a checkpoint, bit for bit; network and training are told by it, it is kept up to date",
    )
    group.add_argument(
        "--threads", type=whole_number, metavar="N", default=None, help="at most (default: one a core)"
    )
    add_json(group, "`event`: started, epoch, ended")


def check(options: argparse.Namespace) -> None:
    """Refuse what does not go together or cannot be written, before any work is done.

    Raises
    ------
    ConfigurationError, FileError
        With the sentence that says what.
    """
    told = [name for name in (*_NETWORK, *_CONFIG) if hasattr(options, name)]
    if options.resume is not None and told:
        raise ConfigurationError(
            f"--{told[0].replace('_', '-')} is told by the checkpoint; leave it out, or train without --resume."
        )
    if options.recipe is not None:
        _check_recipe(options)
    if options.resume is not None and options.checkpoint is None:
        options.checkpoint = options.resume
    if options.out is not None and options.out in (options.checkpoint, options.resume):
        raise ConfigurationError(f"{options.out} cannot be both the network and a checkpoint; choose two names.")
    for path in (options.out, options.checkpoint):
        if path is not None:
            check_writable(path)


def _check_recipe(options: argparse.Namespace) -> None:
    told = [name for name in _NETWORK if hasattr(options, name)] + ["data"] * (options.data is not None)
    if told:
        raise ConfigurationError(
            f"--{told[0].replace('_', '-')} is told by the recipe; leave it out, or train without --recipe."
        )


def config_from(options: argparse.Namespace) -> TrainingConfig:
    """Return how to train."""
    told = {field: getattr(options, name) for name, field in _CONFIG.items() if hasattr(options, name)}
    base = _DEFAULTS if options.recipe is None else RECIPES[options.recipe].config
    return replace(base, **told, threads=options.threads)


def network_from(options: argparse.Namespace, seed: int) -> Network:
    """Return the network to train, with its initial weights."""
    told = {name: getattr(options, name, default) for name, default in _NETWORK.items()}
    sizes = [784, *told["hidden_size"], 10]
    return mlp(
        sizes,
        activation=told["activation"],
        initial=told["initial"] or ("he" if told["activation"] == "relu" else "xavier"),
        loss=LOSSES[told["loss"]](),
        dropout=told["dropout"],
        seed=seed,
        name=f"{'-'.join(str(size) for size in sizes)} {told['activation']}",
    )


def _initial(text: str) -> Initial:
    return text if text in RULES else positive(text)
