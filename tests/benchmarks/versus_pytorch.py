"""PyTorch's side: training and reading as its users write them, in whichever of its ways is quickest.

Data lie in memory as tensors, scaled beforehand; a batch is an index into them; there is no `DataLoader` to wait
for. Each way is tried for a moment, and the quickest does the repeats: one thread or as many as we have, both
memory formats, plain and fused optimisers, eager and compiled (for reading also traced and frozen).
"""

from __future__ import annotations

import sys
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import product
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from nn.compat import override
from versus_measuring import Run, demand_same_outputs, fastest
from versus_ours import order_of
from versus_twin import loss_of, twin_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nn.arrays import Array, Bytes
    from nn.data.dataset import Dataset
    from nn.network import Network
    from versus_rows import Reading, Training


CHUNKS = (100, 500, 1000)
"""Frames that are read at a time, where there are so many."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask PyTorch."""

    threads: int
    channels_last: bool = False
    fused: bool = False
    how: str = "eager"
    chunk: int = 0

    @override
    def __str__(self) -> str:
        words = [self.how, f"{self.threads} thread{'s' * (self.threads > 1)}"]
        words += ["channels last"] * self.channels_last + ["fused optimiser"] * self.fused
        return ", ".join(words + [f"{self.chunk:,} at a time"] * (self.chunk > 1))


def inputs_of(network: Network, images: Bytes) -> Any:
    """Return frames as PyTorch's input, shape (n, 784) or (n, 1, 28, 28)."""
    x = torch.from_numpy(network.inputs(images))
    return x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x


def demand_twin(network: Network, module: Any, images: Bytes) -> None:
    """Refuse a twin that does not give our outputs, as in use: without dropout, by running means."""
    module.eval()
    with torch.inference_mode():
        theirs = module(inputs_of(network, images)).numpy()
    demand_same_outputs(network.forward(network.inputs(images)), theirs)


class PytorchTraining:
    """A training by PyTorch's own means, from our initial weights, on our batches."""

    def __init__(
        self, work: Training, network: Network, digits: Dataset, threads: int, *, compiles: bool = True
    ) -> None:
        self._work, self._updates = work, work.updates
        self._module, self._loss = twin_of(network), loss_of(network.loss)
        demand_twin(network, self._module, digits.images[:100])
        self._initial = {name: value.clone() for name, value in self._module.state_dict().items()}
        self._x, self._labels = inputs_of(network, digits.images), torch.from_numpy(digits.labels.astype(np.int64))
        self._order = torch.from_numpy(order_of(digits, work.updates * work.batch))
        self._called: dict[str, Any] = {"eager": self._module}
        self.way = self._quickest(threads, has_pictures=self._x.ndim == 4, compiles=compiles)

    def run(self) -> Run:
        """Train, and note the loss of each update."""
        optimizer = self._prepared()
        module, work = self._called[self.way.how], self._work
        losses = np.empty(self._updates)
        begun = perf_counter()
        for update in range(self._updates):
            chosen = self._order[update * work.batch : (update + 1) * work.batch]
            optimizer.zero_grad(set_to_none=True)
            loss = self._loss(module(self._x[chosen]), self._labels[chosen])
            loss.backward()
            optimizer.step()
            losses[update] = loss.item()
        return Run(perf_counter() - begun, losses)

    def _prepared(self) -> Any:
        """Go back to the initial weights, and make a new optimiser."""
        way = self.way
        torch.set_num_threads(way.threads)
        layout = torch.channels_last if way.channels_last else torch.contiguous_format
        if self._x.ndim == 4:
            self._module.to(memory_format=layout)
        self._module.load_state_dict(self._initial)
        self._module.train()
        kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[self._work.optimizer]
        return kind(self._module.parameters(), lr=self._work.rate, fused=way.fused)

    def _quickest(self, threads: int, *, has_pictures: bool, compiles: bool) -> Way:
        layouts = (False, True) if has_pictures else (False,)
        ways = [Way(*choice) for choice in product(sorted({1, threads}), layouts, (False, True))]
        best = fastest(ways, self._trial)
        if not compiles:
            return best
        self._called["compiled"] = torch.compile(self._module)
        return fastest(
            [best, *(replace(best, how="compiled", channels_last=last) for last in layouts)], self._trial
        )

    def _trial(self, way: Way) -> float:
        self.way = way
        self._updates = min(self._work.updates, max(8, self._work.updates // 12))
        try:
            return self.run().seconds
        except Exception as error:
            if way.how == "eager":
                raise
            complain(way, error)
            return float("inf")
        finally:
            self._updates = self._work.updates


class PytorchReading:
    """Frames read by PyTorch, from bytes to probabilities, without a thought for gradients."""

    def __init__(
        self, work: Reading, network: Network, frames: Bytes, threads: int, *, compiles: bool = True
    ) -> None:
        self._frames, self._times = frames, work.times
        self._scaling, self._shape = network.scaling, (-1, *(np.roll(network.input_shape, 1).tolist()))
        self._modules: dict[tuple[str, bool], Any] = {}
        self._module = twin_of(network)
        demand_twin(network, self._module, frames[:100])
        self._example = inputs_of(network, frames[:1])
        self.way = self._quickest(threads, compiles=compiles)

    def run(self) -> Run:
        """Read; `seconds` are those of one time."""
        torch.set_num_threads(self.way.threads)
        module = self._called()
        with torch.inference_mode():
            read = self._read(module)
            begun = perf_counter()
            for _ in range(self._times):
                read = self._read(module)
            return Run((perf_counter() - begun) / self._times, read)

    def _read(self, module: Callable[[Any], Any]) -> Array:
        read = []
        for start in range(0, len(self._frames), self.way.chunk):
            x = torch.from_numpy(self._frames[start : start + self.way.chunk]).float()
            x.mul_(self._scaling.factor)
            if self._scaling.offset:
                x.add_(self._scaling.offset)
            read.append(module(x.reshape(self._shape)).softmax(1))
        probabilities: Array = (torch.cat(read) if len(read) > 1 else read[0]).numpy()
        return probabilities

    def _called(self) -> Callable[[Any], Any]:
        """Return the network prepared for the way in hand."""
        key = self.way.how, self.way.channels_last
        if key not in self._modules:
            self._modules[key] = self._prepared()
        called: Callable[[Any], Any] = self._modules[key]
        return called

    def _prepared(self) -> Any:
        module = deepcopy(self._module)
        if self.way.channels_last:
            module.to(memory_format=torch.channels_last)
        if self.way.how == "compiled":
            return torch.compile(module)
        if self.way.how == "frozen":
            with torch.no_grad():
                return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(module, self._example)))
        return module

    def _quickest(self, threads: int, *, compiles: bool) -> Way:
        layouts = (False, True) if len(self._shape) == 4 else (False,)
        chunks = sorted({min(size, len(self._frames)) for size in CHUNKS})
        choices = product(sorted({1, threads}), layouts, ("eager", "frozen"), chunks)
        ways = [Way(number, last, how=how, chunk=chunk) for number, last, how, chunk in choices]
        best = fastest(ways, self._trial)
        if not compiles:
            return best
        return fastest(
            [best, *(replace(best, how="compiled", channels_last=last) for last in layouts)], self._trial
        )

    def _trial(self, way: Way) -> float:
        self.way = way
        whole = self._frames, self._times
        self._frames, self._times = self._frames[: max(CHUNKS)], max(1, self._times // 20)
        try:
            return self.run().seconds
        except Exception as error:
            if way.how == "eager":
                raise
            complain(way, error)
            return float("inf")
        finally:
            self._frames, self._times = whole


def pickled_training(work: Training, threads: int, folder: Path) -> Path:
    """Write PyTorch's twin of a training into a file, for a process that shall know nothing of us."""
    path = folder / f"{work.name}.pt"
    torch.save((twin_of(work.build()), work.batch, work.updates, work.optimizer, work.rate, threads), path)
    return path


def complain(way: Way, error: Exception) -> None:
    """Tell of a way that does not work on this machine, such as to compile where there is no compiler."""
    sys.stderr.write(f"PyTorch cannot go this way here: {way}: {str(error).splitlines()[0]}\n")
