"""An optimiser decides how far to walk, given which way is downhill.

Each is a pure rule over flat vectors: parameters, gradient, and a state of vectors of the same length. The
state is plain data, so saving it, showing it and resuming from it need nothing more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError

if TYPE_CHECKING:
    from nn.arrays import Array

State: TypeAlias = "dict[str, Array]"

SMALLEST = 1e-30
"""Of an epsilon: what is smaller is no number to divide by in float32."""


class Optimizer(ABC):
    """A rule that turns gradients into steps.

    `state_names` names its vectors; `setting_names` its numbers, each an attribute of that name. `is_decoupled`
    says that weight decay shrinks the weights directly and stays out of the gradient.
    """

    kind: ClassVar[str]
    state_names: ClassVar[tuple[str, ...]] = ()
    setting_names: ClassVar[tuple[str, ...]] = ()
    is_decoupled: ClassVar[bool] = False

    def settings(self) -> dict[str, float]:
        """Return the constructor's arguments that make this optimiser again."""
        return {name: getattr(self, name) for name in self.setting_names}

    def initial_state(self, parameters: Array) -> State:
        """Return the state before the first step: zeros, one vector as long as `parameters` a name."""
        return {name: np.zeros_like(parameters) for name in self.state_names}

    def update(self, parameters: Array, gradient: Array, state: State, rate: float, step: int) -> None:
        """Move `parameters` one step, in place; `state` follows and `gradient` is used up.

        Parameters
        ----------
        parameters, gradient
            Shape (p,).
        state
            What `initial_state` made, carried from step to step.
        rate
            The learning rate of this step.
        step
            Counted from 1.
        """
        self._move(parameters, gradient, *(state[name] for name in self.state_names), rate=rate, step=step)

    @override
    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value:g}" for name, value in self.settings().items())
        return f"{type(self).__name__}({shown})"

    def _number(self, name: str, value: float, least: float) -> float:
        if not least <= value < 1:
            raise ConfigurationError(
                f"{type(self).__name__} got {name} = {value!r}; wanted a number from {least:g} to below 1."
            )
        return float(value)

    @abstractmethod
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None: ...
