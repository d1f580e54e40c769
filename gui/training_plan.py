"""What a person asks for when pressing Train: which network, trained how, on which digits.

Plain values without Qt: the training panel makes them, the session carries them out, neither knows the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from nn.data.sources import LoadingProgress
from nn.errors import ConfigurationError
from nn.files.weights import MOST_PARAMETERS
from nn.layers import ACTIVATIONS, Convolution, Dense, Dropout
from nn.losses import LOSSES
from nn.network import mlp
from nn.recipes import MnistDigits, recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nn.network import Network
    from nn.training_config import TrainingConfig

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
    loss
        What training makes small: a name from `nn.losses.LOSSES`.
    dropout
        Share of each hidden layer that is dropped while training.
    initial
        The rule of the initial weights; "" for the one that suits the activation. Of a network that has learned
        it cannot be told any more, so plans that differ in it alone are equal.
    """

    hidden: tuple[int, ...]
    activation: str
    loss: str = "cross_entropy"
    dropout: float = 0.0
    initial: str = field(default="", compare=False)

    def build(self, seed: int) -> Network:
        """Make the network with new weights."""
        return mlp(
            [784, *self.hidden, 10],
            activation=self.activation,
            initial=self.initial or self._usual_initial,
            loss=LOSSES[self.loss](),
            dropout=self.dropout,
            seed=seed,
        )

    def in_words(self) -> str:
        """Describe the network in a few words."""
        words = " → ".join(map(str, (784, *self.hidden, 10)))
        if self.loss != "cross_entropy":
            words += f", {self.loss.replace('_', ' ')}"
        return words + (f", dropout {self.dropout:g}" if self.dropout and self.hidden else "")

    @property
    def _usual_initial(self) -> str:
        # He's rule is made for rectifiers, which silence half of their inputs; Xavier's for curves through 0.
        return "he" if self.activation in ("relu", "leaky_relu", "softplus") else "xavier"


@dataclass(frozen=True, slots=True)
class RecipePlan:
    """The network of a recipe of `nn.recipes`, by its name."""

    name: str

    def build(self, seed: int) -> Network:
        """Make the network with new weights."""
        return recipe(self.name).build(seed)

    def in_words(self) -> str:
        """Describe the network in a sentence."""
        return recipe(self.name).summary


Plan: TypeAlias = NetworkPlan | RecipePlan


@dataclass(frozen=True, slots=True)
class RecipeDigits:
    """The digits that a recipe learns from, as a source that loads itself."""

    name: str
    seed: int

    @property
    def wants_mnist(self) -> bool:
        """Whether there must be MNIST and nothing else."""
        return isinstance(recipe(self.name).digits, MnistDigits)

    def loading(self) -> Iterator[LoadingProgress]:
        """Load them: in one piece, or in steps where that takes long."""
        chosen = recipe(self.name)
        yield LoadingProgress(0, 1, f"Preparing the digits of {self.name}")
        if chosen.digits_in_steps:
            yield from chosen.digits_in_steps(self.seed)
            return
        data = chosen.digits(self.seed)
        yield LoadingProgress(1, 1, f"{len(data.training):,} digits to learn from", data)


Source: TypeAlias = str | RecipeDigits
"""Which digits: "mnist", "synthetic", or a recipe's."""


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
        Which digits.
    one_step
        Take one step and wait, in place of running on.
    """

    plan: Plan | None
    config: TrainingConfig
    source: Source
    one_step: bool = False

    def network_from(self, current: Network) -> Network:
        """Return the network to train: a new one where one is planned, else a copy of `current`."""
        return self.plan.build(self.config.seed) if self.plan else current.copy()


def plan_of(network: Network) -> NetworkPlan | None:
    """Tell the plan that would make a network of this shape; None if it is no plain perceptron."""
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    dropouts = {layer.rate for layer in network.layers if isinstance(layer, Dropout)}
    # What follows the last affine layer belongs to the loss.
    kinds = {layer.kind for layer in network.layers[:-1]} - {"dense", "dropout"}
    hidden = tuple(layer.outputs for layer in dense[:-1])
    is_plain = (
        network.input_shape == (784,)
        and all(layer.has_bias for layer in dense)
        and len(kinds) <= 1
        and kinds <= ACTIVATIONS.keys()
        and len(dropouts) <= 1
        and network.loss.settings() == LOSSES[network.loss.kind]().settings()
    )
    if not dense or not is_plain:
        return None
    return NetworkPlan(
        hidden, kinds.pop() if kinds else "relu", network.loss.kind, dropouts.pop() if dropouts else 0.0
    )


def layers_in_words(network: Network) -> str:
    """Name the layers that learn, but for the last, where sizes alone would not tell them."""
    words = []
    for layer in network.layers:
        match layer:
            case Dense():
                words.append(str(layer.outputs))
            case Convolution():
                words.append(f"{layer.filters} filters")
    return ", ".join(words[:-1])


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
    hidden = tuple(int(word) for word in words)
    parameters = count_parameters(hidden)
    if parameters > MOST_PARAMETERS:
        raise ConfigurationError(
            f"{parameters:,} parameters could never be saved: a file holds at most {MOST_PARAMETERS:,}. "
            "Write fewer or smaller layers."
        )
    return hidden


def count_parameters(hidden: tuple[int, ...]) -> int:
    """Count weights and biases of a perceptron with these hidden layers."""
    return sum((d_in + 1) * d_out for d_in, d_out in pairwise((784, *hidden, 10)))


def layers_text(hidden: tuple[int, ...]) -> str:
    """Write sizes the way `parse_layers` reads them."""
    return " ".join(map(str, hidden))
