"""Where the time of training goes: layer by layer, forward and back, and how much of it is matrix products.

A step is taken as `nn.parallel` and `nn.training` take it, with the same lanes, but one after the other on one
thread and with a clock beside each call. Matrix products are what a machine does at its best; the rest is what
there is to save.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from nn.data.batches import BLOCK, Batches
from nn.data.synthetic import synthetic_dataset
from nn.optimizers import optimizer
from nn.parallel import lanes_of, one_blas_thread
from nn.regularization import Regularization

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nn.arrays import Array, Integers
    from nn.network import Network
    from nn.training_config import TrainingConfig

T = TypeVar("T")

DIGITS, LOSS, JOINING, UPDATE = "digits", "loss", "lanes joined", "update"
"""What a step does beside its layers."""

FORWARD, BACKWARD = "forward", "backward"
PRODUCTS = ("matmul", "dot")
"""Names of numpy's matrix products."""

WARM_UP = 3
"""Steps before the clock counts: they allocate the buffers."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a step: a layer, or what a step does beside its layers.

    Seconds of one step; `matmul` are those of them within numpy's matrix products. What is neither a way forward
    nor back is in `forward`.
    """

    name: str
    parameters: int
    forward: float
    backward: float
    matmul: float

    @property
    def seconds(self) -> float:
        """Both ways."""
        return self.forward + self.backward


@dataclass(frozen=True, slots=True)
class Profile:
    """The mean of some steps, part by part."""

    parts: tuple[Part, ...]
    steps: int
    batch_size: int
    lanes: int

    @property
    def seconds(self) -> float:
        """Of one step."""
        return sum(part.seconds for part in self.parts)

    @property
    def matmul(self) -> float:
        """Seconds of a step that are matrix products."""
        return sum(part.matmul for part in self.parts)

    @property
    def by_phase(self) -> dict[str, float]:
        """Seconds of a step by what is done: digits, forward with the loss, backward, update with joining."""
        beside = {part.name: part for part in self.parts if part.name in (DIGITS, JOINING, UPDATE)}
        layers = [part for part in self.parts if part.name not in beside]
        return {
            DIGITS: beside[DIGITS].seconds,
            FORWARD: sum(part.forward for part in layers),
            BACKWARD: sum(part.backward for part in layers),
            UPDATE: beside[JOINING].seconds + beside[UPDATE].seconds,
        }


def profile(network: Network, config: TrainingConfig, *, steps: int = 20) -> Profile:
    """Take steps of a training with a clock beside each call.

    Parameters
    ----------
    network
        It learns on the way.
    config
        Batch size, optimiser, augmentation and penalties are taken from it.
    steps
        That are counted; a few come before.

    Returns
    -------
    Profile
        Of mean seconds; the digits are synthetic ones, whose learning takes as long as any other's.
    """
    one_blas_thread()
    clock = _Clock()
    step = _ProfiledStep(network, config, clock)
    with _matrix_products_timed(clock):
        for number in range(1, WARM_UP + steps + 1):
            if number == WARM_UP + 1:
                clock.clear()
            step.take(number)
    return Profile(tuple(step.parts(steps)), steps, config.batch_size, step.lanes)


class _Clock:
    """Seconds by (who, which way), and how many of them went by in matrix products."""

    def __init__(self) -> None:
        self.products = 0.0
        self.clear()

    def clear(self) -> None:
        self.seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.matmul: defaultdict[tuple[str, str], float] = defaultdict(float)

    def beside(self, product: Callable[..., T]) -> Callable[..., T]:
        """Return a matrix product that puts its time on the account of products."""

        def timed(*arguments: object, **options: object) -> T:
            begun = perf_counter()
            result = product(*arguments, **options)
            self.products += perf_counter() - begun
            return result

        return timed

    def timed(self, who: str, way: str, call: Callable[..., T], *arguments: object, **options: object) -> T:
        """Call, and put it on the account of `who`."""
        products, begun = self.products, perf_counter()
        result = call(*arguments, **options)
        self.seconds[who, way] += perf_counter() - begun
        self.matmul[who, way] += self.products - products
        return result


class _ProfiledStep:
    """The steps of a training, each call timed."""

    def __init__(self, network: Network, config: TrainingConfig, clock: _Clock) -> None:
        self._network, self._config, self._clock = network, config, clock
        self._names = [f"{at} {layer!r}" for at, layer in enumerate(network.layers)]
        self._optimizer = optimizer(config.optimizer, config.optimizer_settings)
        self._state = self._optimizer.initial_state(network.parameters)
        self._regularization = Regularization.of(config, self._optimizer)
        self._batches = self._endless_batches()
        self._lanes = lanes_of(network, config.batch_size)
        self._replica = network.replica()
        self._gradients = [np.empty_like(network.gradients) for _ in self._lanes]

    @property
    def lanes(self) -> int:
        return len(self._lanes)

    def take(self, number: int) -> None:
        x, labels = self._clock.timed(DIGITS, FORWARD, next, self._batches)
        for gradients, lane in zip(self._gradients, self._lanes, strict=True):
            self._replica.gather_gradients_in(gradients)
            self._run_lane(self._replica, x[lane], labels[lane], len(x))
        self._clock.timed(JOINING, FORWARD, self._join)
        self._clock.timed(UPDATE, FORWARD, self._update, number)

    def parts(self, steps: int) -> Iterator[Part]:
        sizes = [sum(array.size for array in layer.parameters().values()) for layer in self._network.layers]
        seconds, matmul = self._clock.seconds, self._clock.matmul
        named = [(DIGITS, 0), *zip(self._names, sizes, strict=True), (LOSS, 0), (JOINING, 0), (UPDATE, 0)]
        for name, size in named:
            there, back = (name, FORWARD), (name, BACKWARD)
            products = (matmul[there] + matmul[back]) / steps
            yield Part(name, size, seconds[there] / steps, seconds[back] / steps, products)

    def _run_lane(self, network: Network, x: Array, labels: Integers, samples: int) -> None:
        """Go forward and back as `Network.forward` and `Network.parameter_gradients` do."""
        timed = self._clock.timed
        for name, layer in zip(self._names, network.layers, strict=True):
            x = timed(name, FORWARD, layer.forward, x, training=True)
        timed(LOSS, FORWARD, network.loss.forward, x, labels)
        d_y = timed(LOSS, BACKWARD, network.loss.backward, samples)
        for at in reversed(range(len(network.layers))):
            timed(self._names[at], BACKWARD, network.layers[at].parameter_gradients, d_y)
            if at > 0:
                d_y = timed(self._names[at], BACKWARD, network.layers[at].backward, d_y)

    def _join(self) -> None:
        np.copyto(self._network.gradients, self._gradients[0])
        for gradients in self._gradients[1:]:
            self._network.gradients += gradients

    def _update(self, number: int) -> None:
        network, rate = self._network, self._config.rate
        self._regularization.apply(network, rate)
        self._optimizer.update(network.parameters, network.gradients, self._state, rate, number)

    def _endless_batches(self) -> Iterator[tuple[Array, Integers]]:
        size = self._config.batch_size
        digits = synthetic_dataset(size * max(1, BLOCK // size), seed=self._config.seed)
        varied = self._config.augmentation_in
        batches = Batches(digits, size, self._network, seed=self._config.seed, augmentation=varied)
        epoch = 0
        while True:
            yield from batches.epoch(epoch)
            epoch += 1


@contextmanager
def _matrix_products_timed(clock: _Clock) -> Iterator[None]:
    """Put a clock beside numpy's products, which every layer calls by their names."""
    products = {name: getattr(np, name) for name in PRODUCTS}
    for name, product in products.items():
        setattr(np, name, clock.beside(product))
    try:
        yield
    finally:
        for name, product in products.items():
            setattr(np, name, product)
