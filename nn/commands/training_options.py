"""What a person may decide about a training on the command line, and what is taken where nothing is said."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path

from nn.commands.arguments import (
    add_json,
    add_spelled,
    check_files,
    from_zero,
    not_negative,
    place_of,
    positive,
    share,
    whole_number,
)
from nn.commands.network_options import NETWORK, configure_network, network_from
from nn.data.augmentation import AUGMENTATIONS
from nn.data.sources import SOURCES
from nn.errors import ConfigurationError
from nn.optimizers import OPTIMIZERS
from nn.plots import check_plot_name
from nn.recipes import RECIPES, recipe
from nn.schedules import SCHEDULES
from nn.training_config import TrainingConfig

__all__ = ["check", "config_from", "configure", "network_from", "take_recipe"]

_DEFAULTS = TrainingConfig()
_CONFIG = {
    "epochs": "epochs",
    "batch_size": "batch_size",
    "lr": "rate",
    "optimizer": "optimizer",
    "schedule": "schedule",
    "weight_decay": "weight_decay",
    "augment": "augmentation",
    "calm_epochs": "calm_epochs",
    "patience": "patience",
    "seed": "seed",
    "optimizer_setting": "optimizer_settings",
    "l1": "l1",
    "largest_gradient": "largest_gradient",
    "warm_up": "warm_up",
    "halve_after": "halve_after",
}
"""Options of the command line by the field of `TrainingConfig` that they set."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    # Options that are not given are left out of the result: with --resume, giving one is a mistake.
    parser.argument_default = argparse.SUPPRESS
    # What begins with a minus and a digit is a value, such as a range of initial weights, and no option.
    parser._negative_number_matcher = re.compile(r"-\.?\d")
    configure_network(parser.add_argument_group("network"))
    training = parser.add_argument_group("training")
    _configure_training(training)
    _configure_steps(training)
    _configure_files(parser.add_argument_group("data and files"))
    parser.description = (
        "Train a network on digits, a line an epoch. "
        "Ctrl-C ends it after the step at work and saves what there is."
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
    add_spelled(
        group,
        "calm_epochs",
        type=from_zero,
        metavar="N",
        help="the last ones, in which digits are varied half as much (default: 0)",
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


def _configure_steps(group: argparse._ArgumentGroup) -> None:
    """Add what shapes a single step."""
    add_spelled(
        group,
        "optimizer_setting",
        action="append",
        type=_named_number,
        metavar="NAME=VALUE",
        help="such as mu=0.8 for momentum, decay=0.9 for rmsprop, beta1=0.8 for adam; may be given again",
    )
    group.add_argument("--l1", type=not_negative, metavar="L1", help="on weights, not biases (default: 0)")
    add_spelled(
        group,
        "largest_gradient",
        type=positive,
        metavar="LENGTH",
        help="cut a longer gradient to this length (default: none)",
    )
    add_spelled(
        group,
        "warm_up",
        type=share,
        metavar="SHARE",
        help="of the steps, over which the rate rises to where the schedule begins (default: 0)",
    )
    add_spelled(
        group,
        "halve_after",
        type=whole_number,
        metavar="N",
        help="halve the rate after N epochs without a better validation",
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
        metavar="SOURCE",
        default=None,
        help=f"one of {', '.join(SOURCES)}, or a file or folder of digits (CSV, npz, pickle, IDX, pictures); auto "
        "(default): MNIST, in INKLING_DATA or the cache folder, if it is there, else synthetic digits",
    )
    group.add_argument(
        "--out", metavar="FILE", type=Path, default=None, help="save the network here (.safetensors)"
    )
    group.add_argument(
        "--plot", metavar="FILE", type=Path, default=None, help="draw loss and accuracy here, .png or .svg"
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
        help="go on from a checkpoint, bit for bit; network, training and recipe are told by it, and it is kept "
        "up to date",
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
    told = [name for name in (*NETWORK, *_CONFIG) if hasattr(options, name)]
    if options.resume is not None and told:
        raise ConfigurationError(
            f"--{told[0].replace('_', '-')} is told by the checkpoint; leave it out, or train without --resume."
        )
    if options.recipe is not None:
        _check_recipe(options)
    if options.resume is not None and options.checkpoint is None:
        options.checkpoint = options.resume
    if options.plot is not None:
        check_plot_name(options.plot)
    _check_files(options)


def _check_files(options: argparse.Namespace) -> None:
    read = {}
    if options.data is not None and options.data not in SOURCES:
        read["--data"] = Path(options.data)
    # A checkpoint may be gone on from and kept up to date.
    if options.resume is not None and place_of(options.resume) != place_of(options.checkpoint):
        read["--resume"] = options.resume
    check_files({"--out": options.out, "--checkpoint": options.checkpoint, "--plot": options.plot}, read)


def take_recipe(options: argparse.Namespace, name: str) -> None:
    """Have a resumed training take the recipe that its checkpoint names, if it names one.

    Raises
    ------
    ConfigurationError
        If there is no such recipe, or something else was given.
    """
    if not name:
        return
    if options.recipe not in (None, name):
        raise ConfigurationError(
            f"This checkpoint was begun with the recipe {name!r}, not {options.recipe!r}; leave --recipe out."
        )
    if options.data is not None:
        raise ConfigurationError(f"This checkpoint was begun with the recipe {name!r}; leave --data out.")
    options.recipe = recipe(name).name


def _check_recipe(options: argparse.Namespace) -> None:
    told = [name for name in NETWORK if hasattr(options, name)] + ["data"] * (options.data is not None)
    if told:
        raise ConfigurationError(
            f"--{told[0].replace('_', '-')} is told by the recipe; leave it out, or train without --recipe."
        )


def config_from(options: argparse.Namespace) -> TrainingConfig:
    """Return how to train."""
    told = {field: getattr(options, name) for name, field in _CONFIG.items() if hasattr(options, name)}
    if told.keys() & {"optimizer", "optimizer_settings"}:
        # Another optimiser does not take over the settings of a recipe's.
        told["optimizer_settings"] = dict(told.get("optimizer_settings", ()))
    base = _DEFAULTS if options.recipe is None else RECIPES[options.recipe].config
    return replace(base, **told, threads=options.threads)


def _named_number(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a setting such as mu=0.8") from None
