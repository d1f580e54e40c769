"""What a person asks for when pressing Train: which network, trained how, on which digits.

Plain values without Qt: the training panel makes them, the session carries them out, neither knows the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn.errors import ConfigurationError
from nn.layers import ACTIVATIONS, Dense
from nn.network import mlp

if TYPE_CHECKING:
    from nn.network import Network
    from nn.training import TrainingConfig

MOST_LAYERS, MOST_UNITS = 10, 4096


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """The shape of a multilayer perceptron from 784 pixels to 10 digits.

    Parameters
    ----------
    hidden
        Units of each hidden layer.
    activation
        What follows each of them: a name from `nn.layers.ACTIVATIONS`.
    """

    hidden: tuple[int, ...]
    activation: str

    def build(self, seed: int) -> Network:
        """Make the network with new weights."""
        return mlp([784, *self.hidden, 10], activation=self.activation, initial=self._initial, seed=seed)

    @property
    def _initial(self) -> str:
        # He's rule is made for rectifiers, which silence half of their inputs; Xavier's for curves through 0.
        return "he" if self.activation in ("relu", "leaky_relu", "softplus") else "xavier"


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """All that one training needs.

    Parameters
    ----------
    plan
        The network to make, or None to go on with the current one.
    config
        How to train.
    source
        Which digits: "mnist" or "synthetic".
    one_step
        Take one step and wait, in place of running on.
    """

    plan: NetworkPlan | None
    config: TrainingConfig
    source: str
    one_step: bool = False

    def network_from(self, current: Network) -> Network:
        """Return the network to train: a new one where one is planned, else a copy of `current`."""
        return self.plan.build(self.config.seed) if self.plan else current.copy()


def plan_of(network: Network) -> NetworkPlan | None:
    """Tell the plan that would make a network of this shape; None if it is no plain perceptron."""
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    # What follows the last affine layer belongs to the loss.
    kinds = {layer.kind for layer in network.layers[:-1]} - {"dense", "dropout"}
    hidden = tuple(layer.outputs for layer in dense[:-1])
    if not dense or network.input_shape != (784,) or len(kinds) > 1 or not kinds <= ACTIVATIONS.keys():
        return None
    return NetworkPlan(hidden, kinds.pop() if kinds else "relu")


def parse_layers(text: str) -> tuple[int, ...]:
    """Read the sizes of the hidden layers as a person writes them.

    Raises
    ------
    ConfigurationError
        With a sentence that says what to write instead.

    Examples
    --------
    >>> parse_layers("128, 64")
    (128, 64)
    >>> parse_layers("")
    ()
    """
    words = [word for word in re.split(r"[\s,;x×-]+", text.strip().lower()) if word]
    for word in words:
        if not (word.isascii() and word.isdigit() and len(word) < 9 and 1 <= int(word) <= MOST_UNITS):
            raise ConfigurationError(
                f"“{word}” is no size of a layer. Write whole numbers from 1 to {MOST_UNITS}, such as “50 50”."
            )
    if len(words) > MOST_LAYERS:
        raise ConfigurationError(f"{len(words)} hidden layers are too many. Write at most {MOST_LAYERS} sizes.")
    return tuple(int(word) for word in words)


def layers_text(hidden: tuple[int, ...]) -> str:
    """Write sizes the way `parse_layers` reads them."""
    return " ".join(map(str, hidden))
