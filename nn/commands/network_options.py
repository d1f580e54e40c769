"""What a person may decide about a new network on the command line."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from nn.commands.arguments import add_spelled, not_negative, positive, share, whole_number
from nn.errors import ConfigurationError
from nn.initializers import INITIAL_NAMES, Uniform
from nn.layers import ACTIVATIONS
from nn.losses import LOSSES, REDUCTIONS
from nn.network import mlp

if TYPE_CHECKING:
    from nn.initializers import Initial
    from nn.losses import Loss
    from nn.network import Network

NETWORK: dict[str, Any] = {
    "hidden_size": [50, 50],
    "activation": "relu",
    "initial": None,
    "initial_bias": 0.0,
    "no_bias": False,
    "batch_normalization": False,
    "loss": "cross_entropy",
    "smoothing": None,
    "reduction": None,
    "dropout": 0.0,
}
"""What is taken where nothing is said."""

_RECTIFIERS = ("relu", "leaky_relu", "softplus")


def configure_network(group: argparse._ArgumentGroup) -> None:
    """Add the options to a group whose parser leaves out what is not given."""
    add_spelled(
        group, "hidden_size", nargs="*", type=whole_number, metavar="UNITS", help="hidden layers (default: 50 50)"
    )
    group.add_argument("--activation", choices=tuple(ACTIVATIONS), help="behind each hidden layer (default: relu)")
    group.add_argument(
        "--initial",
        type=_initial,
        metavar="RULE",
        help=f"initial weights: {', '.join(INITIAL_NAMES)}, a standard deviation, or LOW..HIGH "
        "such as -0.5..0.5 (default: he for relu and its kin, else xavier)",
    )
    add_spelled(
        group, "initial_bias", type=not_negative, metavar="DEVIATION", help="of initial biases (default: 0)"
    )
    add_spelled(group, "no_bias", action="store_true", help="weights alone, no biases")
    add_spelled(group, "batch_normalization", action="store_true", help="normalise each hidden layer")
    group.add_argument("--loss", choices=tuple(LOSSES), help="what is made small (default: cross_entropy)")
    group.add_argument(
        "--smoothing", type=share, metavar="SHARE", help="label smoothing, with a cross-entropy (default: 0)"
    )
    group.add_argument(
        "--reduction", choices=tuple(REDUCTIONS), help="of squared_error, over the outputs (default: half)"
    )
    group.add_argument(
        "--dropout", type=share, metavar="SHARE", help="of each hidden layer's units, while training (default: 0)"
    )


def network_from(options: argparse.Namespace, seed: int) -> Network:
    """Return the network to train, with its initial weights."""
    told = {name: getattr(options, name, default) for name, default in NETWORK.items()}
    sizes = [784, *told["hidden_size"], 10]
    return mlp(
        sizes,
        activation=told["activation"],
        initial=told["initial"] or ("he" if told["activation"] in _RECTIFIERS else "xavier"),
        initial_bias=told["initial_bias"],
        bias=not told["no_bias"],
        loss=_loss(told),
        dropout=told["dropout"],
        batch_normalization=told["batch_normalization"],
        seed=seed,
        name=f"{'-'.join(str(size) for size in sizes)} {told['activation']}",
    )


def _loss(told: dict[str, Any]) -> Loss:
    takes = "reduction" if told["loss"] == "squared_error" else "smoothing"
    given = {name: told[name] for name in ("smoothing", "reduction") if told[name] is not None}
    for name in given:
        if name != takes:
            raise ConfigurationError(f"--{name} does not go with --loss {told['loss']}; leave it out.")
    return LOSSES[told["loss"]](**given)


def _initial(text: str) -> Initial:
    if text in INITIAL_NAMES:
        return text
    low, dots, high = text.partition("..")
    if not dots:
        return positive(text)
    try:
        return Uniform(float(low), float(high))
    except (ValueError, ConfigurationError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a range such as -0.5..0.5") from None
